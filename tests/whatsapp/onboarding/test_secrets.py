"""Token, secret, code and PIN: in no log, page, form, answer, traceback or dump of the database,
whatever happens.
"""

import io
import logging

import pytest
import requests

from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.back_office import sign_in as sign_in_as_staff
from tests.support.cast import ACME_NUMBER
from tests.support.whatsapp.connect_page import APP_SECRET, PAGE, csrf
from whatsapp.models import Signup
from whatsapp.onboarding.flow import NOT_OURS
from whatsapp.onboarding.steps import STEPS

pytestmark = pytest.mark.whatsapp

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s"


@pytest.fixture
def logged():
    """All that any logger says with LOG_LEVEL=DEBUG."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(exc_text)s"))
    loggers = [logging.getLogger(name) for name in ("", "django", "procrastinate")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield written.getvalue
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


@pytest.fixture
def staff(web, db_rows) -> requests.Session:
    return sign_in_as_staff(web, is_staff=True, is_superuser=True)


def dump(db_rows) -> str:
    names = [
        (schema, name)
        for schema in ("messaging", "jobs")
        for (name,) in db_rows.execute(TABLES, [schema]).fetchall()
    ]
    return "".join(
        str(db_rows.execute(f"SELECT to_jsonb(t) FROM {schema}.{name} t").fetchall())
        for schema, name in names
    )


def secrets_of(meta) -> dict[str, str]:
    return {
        **{f"token {number}": token for number, token in enumerate(meta.grants)},
        **{f"code {number}": code for number, code in enumerate(meta.codes)},
        **{f"PIN {number}": pin for number, pin in enumerate(meta.pins.values())},
        "secret of the app": APP_SECRET,
    }


def pages(web: str, ada: requests.Session, staff: requests.Session) -> str:
    with operator_scope():
        channels = [f"/admin/channels/channel/{each.id}/change/" for each in Channel.objects.all()]
        signups = [f"{PAGE}{each.id}/steps/" for each in Signup.objects.all()]
    ours = [ada.get(f"{web}{address}", timeout=10).text for address in (PAGE, *signups)]
    theirs = [
        staff.get(f"{web}{address}", timeout=10).text
        for address in ("/admin/channels/channel/", *channels)
    ]
    return "".join([*ours, *theirs])


def found_in(text: str, meta) -> list[str]:
    return [name for name, secret in secrets_of(meta).items() if secret in text]


def test_where_all_goes_well(web, ada, staff, account, meta, finish, jobs, logged, db_rows):
    answer = finish()
    jobs()

    assert len(secrets_of(meta)) == 4
    assert found_in(dump(db_rows) + logged() + pages(web, ada, staff) + answer.text, meta) == []


@pytest.mark.parametrize(
    ("call", "step"),
    [
        ("exchange", {"code": 100}),
        ("debug_token", {"code": 190, "http": 401}),
        ("phone_numbers", {"http": 502}),
        ("subscribe", {"code": 100}),
        ("register", {"http": 502}),
        ("number", {"code": 190, "http": 401}),
    ],
    ids=str,
)
def test_where_meta_refuses_or_breaks(
    web, ada, staff, account, meta, finish, graph, jobs, logged, db_rows, call, step
):
    graph.onboarding_script[call].append(step)
    answer = finish()
    jobs()

    assert found_in(dump(db_rows) + logged() + pages(web, ada, staff) + answer.text, meta) == []


@pytest.mark.parametrize("name", ["token", "register"])
@pytest.mark.parametrize("error", [RuntimeError, KeyError, ValueError])
def test_where_our_own_code_breaks(
    web, ada, staff, account, meta, finish, jobs, logged, db_rows, monkeypatch, name, error
):
    def broken(signup, token):
        raise error(f"{token} {APP_SECRET}")

    monkeypatch.setitem(STEPS, name, broken)
    answer = finish()
    jobs()

    assert f"Step {name} of signup" in logged()
    with operator_scope():
        assert Signup.objects.get().steps[name]["said"] == NOT_OURS
    assert found_in(dump(db_rows) + logged() + pages(web, ada, staff) + answer.text, meta) == []


def test_where_the_wrong_pin_is_given(
    web, ada, staff, account, meta, finish, jobs, logged, db_rows
):
    meta.pins[ACME_NUMBER] = "135790"
    finish()
    jobs()
    with operator_scope():
        signup = Signup.objects.get()
    form = {**csrf(ada, web), "pin": "246802"}
    ada.post(
        f"{web}{PAGE}{signup.id}/again/", data=form, headers={"Referer": f"{web}{PAGE}"}, timeout=10
    )
    jobs()
    everything = dump(db_rows) + logged() + pages(web, ada, staff)
    assert (found_in(everything, meta), "246802" in everything) == ([], False)

    form["pin"] = "135790"
    ada.post(
        f"{web}{PAGE}{signup.id}/again/", data=form, headers={"Referer": f"{web}{PAGE}"}, timeout=10
    )
    jobs()
    with operator_scope():
        channel = Channel.objects.get()
    assert (channel.status, channel.secrets()["pin"]) == ("live", "135790")
    assert found_in(dump(db_rows) + logged() + pages(web, ada, staff), meta) == []
