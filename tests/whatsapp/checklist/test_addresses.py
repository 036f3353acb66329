"""What is wrong with our own addresses, told by its own sentence."""

import pytest

from tests.whatsapp.checklist.lines import BY_MACHINE, name_of
from whatsapp.checklist import addresses
from whatsapp.checklist.not_ready import NotReady

pytestmark = pytest.mark.whatsapp


def test_an_address_without_https_is_none_for_meta(settings):
    settings.PUBLIC_URL, settings.META_GRAPH_URL = (
        "http://127.0.0.1:8000",
        "https://graph.facebook.com",
    )
    with pytest.raises(NotReady) as caught:
        addresses.is_https()

    assert (
        str(caught.value)
        == "It is for this machine alone: Meta delivers to https://HOST only. Set PUBLIC_URL and"
        " ALLOWED_HOSTS."
    )


def test_on_a_development_copy_what_is_metas_does_not_apply_and_nothing_fails(
    gone_through, settings, web, graph
):
    settings.PUBLIC_URL, settings.META_REDIRECT_URI = web, f"{web}/connect/whatsapp/callback/"
    graph.business.app_callback = f"{web}/api/webhooks/whatsapp/"
    lines, end = gone_through()

    applies = [name_of(line) for line in lines if not line.startswith("n/a")]
    assert (end, applies) == (
        "",
        [
            *[name for name in BY_MACHINE if name != "PUBLIC_URL is https"],
            "Database, files and ENCRYPTION_KEYS are backed up",
        ],
    )
    assert {line.partition(": ")[2] for line in lines if line.startswith("n/a")} == {
        "does not apply, Meta is the stand-in on this machine"
    }


def test_a_way_back_to_somewhere_else_is_told(failures, settings, well):
    settings.META_REDIRECT_URI = "https://elsewhere.test/connect/whatsapp/callback"

    assert failures() == {
        "META_REDIRECT_URI is ours": (
            "People would come back from Meta to another address than "
            f"{well.url}/connect/whatsapp/callback. Correct it, or leave it unset."
        )
    }


def test_a_web_process_with_another_verify_token_is_told(failures, settings):
    settings.WHATSAPP_VERIFY_TOKEN = "a-newer-verify-token"

    assert failures() == {
        "The webhook address answers Meta's challenge": (
            "It answered 403 instead of Meta's challenge. The web process has "
            "another WHATSAPP_VERIFY_TOKEN: restart it with this one."
        )
    }


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (200, "Something else answers there: PUBLIC_URL must lead to this project's web process."),
        (301, "The proxy in front must pass X-Forwarded-Proto: https on."),
        (400, "The host of PUBLIC_URL must be in the ALLOWED_HOSTS of the web process."),
        (404, "Something else answers there: PUBLIC_URL must lead to this project's web process."),
        (503, "The web process's log says why."),
    ],
)
def test_what_else_answers_at_the_address_is_told_with_its_cause(
    failures, settings, answering, graph, status, cause
):
    somewhere = answering(status)
    settings.PUBLIC_URL, settings.META_REDIRECT_URI = (
        somewhere,
        f"{somewhere}/connect/whatsapp/callback",
    )
    graph.business.app_callback = f"{somewhere}/api/webhooks/whatsapp"

    assert failures() == {
        "The webhook address answers Meta's challenge": (
            f"It answered {status} instead of Meta's challenge. {cause}"
        ),
        "It refuses a wrong verify token": f"It answered {status} instead of 403. {cause}",
        "It refuses a webhook without a signature": f"It answered {status} instead of 401. {cause}",
        "A worker is alive": f"/health/ready answered {status}, and not what it should. {cause}",
        "/health/ready has nothing else to say": (
            f"/health/ready answered {status}, and not what it should. {cause}"
        ),
    }


def test_a_certificate_that_is_not_accepted_is_told(failures, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    found = failures()

    assert (len(found), set(found.values())) == (
        5,
        {
            "The certificate of PUBLIC_URL is not accepted here, nor by Meta: it must be valid for"
            " the host."
        },
    )


def test_where_nothing_answers_the_rest_is_checked_all_the_same(failures, settings):
    settings.PUBLIC_URL = "https://127.0.0.1:1"

    assert (
        failures()["It refuses a webhook without a signature"]
        == "Nothing answers at https://127.0.0.1:1/api/webhooks/whatsapp (ConnectionError). Is the"
        " web process running, and reachable there?"
    )
