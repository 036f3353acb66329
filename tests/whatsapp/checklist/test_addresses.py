"""What is wrong with our own addresses, told by its own sentence."""

import pytest


def test_an_address_without_https_is_none_for_meta(failures, settings, web, graph):
    settings.PUBLIC_URL, settings.META_REDIRECT_URI = web, f"{web}/connect/whatsapp/callback/"
    graph.business.app_callback = f"{web}/api/webhooks/whatsapp/"

    assert failures() == {
        "PUBLIC_URL is https": "It is for this machine alone: Meta delivers to https://HOST only. Set PUBLIC_URL and "
        "ALLOWED_HOSTS."
    }


def test_a_way_back_to_somewhere_else_is_told(failures, settings, well):
    settings.META_REDIRECT_URI = "https://elsewhere.test/connect/whatsapp/callback"

    assert failures() == {
        "META_REDIRECT_URI is ours": "People would come back from Meta to another address than "
        f"{well.url}/connect/whatsapp/callback. Correct it, or leave it unset."
    }


def test_a_web_process_with_another_verify_token_is_told(failures, settings):
    settings.WHATSAPP_VERIFY_TOKEN = "a-newer-verify-token"

    assert failures() == {
        "The webhook address answers Meta's challenge": "It answered 403 instead of Meta's challenge. The web process has "
        "another WHATSAPP_VERIFY_TOKEN: restart it with this one."
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
def test_what_else_answers_at_the_address_is_told_with_its_cause(failures, settings, answering, graph, status, cause):
    somewhere = answering(status)
    settings.PUBLIC_URL, settings.META_REDIRECT_URI = somewhere, f"{somewhere}/connect/whatsapp/callback"
    graph.business.app_callback = f"{somewhere}/api/webhooks/whatsapp"
    found = failures()
    found.pop("PUBLIC_URL is https")

    assert found == {
        "The webhook address answers Meta's challenge": f"It answered {status} instead of Meta's challenge. {cause}",
        "It refuses a wrong verify token": f"It answered {status} instead of 403. {cause}",
        "It refuses a webhook without a signature": f"It answered {status} instead of 401. {cause}",
        "A worker is alive": f"/health/ready answered {status}, and not what it should. {cause}",
        "/health/ready has nothing else to say": f"/health/ready answered {status}, and not what it should. {cause}",
    }


def test_a_certificate_that_is_not_accepted_is_told(failures, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    found = failures()

    assert (len(found), set(found.values())) == (
        5,
        {"The certificate of PUBLIC_URL is not accepted here, nor by Meta: it must be valid for the host."},
    )


def test_where_nothing_answers_the_rest_is_checked_all_the_same(failures, settings):
    settings.PUBLIC_URL = "https://127.0.0.1:1"

    assert failures()["It refuses a webhook without a signature"] == (
        "Nothing answers at https://127.0.0.1:1/api/webhooks/whatsapp (ConnectionError). Is the web process running, and "
        "reachable there?"
    )
