"""Problems are told by mail, over real SMTP: once when one begins, once when it is over; to owners
what is theirs to mend.
"""

import json

import pytest

from messaging.models import Alert
from messaging.monitoring import alerts
from tenants.models import Membership, User
from tenants.scope import auth_scope, operator_scope
from tests.messaging.monitoring.running import RUNNING

pytestmark = pytest.mark.whatsapp

OPERATORS = ["night@example.com", "day@example.com"]
LONGER_AGO = "UPDATE messaging.alerts SET seen_at = seen_at - interval '6 minutes'"


@pytest.fixture
def everything_runs(db_rows):
    for statement in RUNNING:
        db_rows.execute(statement)


@pytest.fixture
def mails(mailbox, settings):
    settings.OPERATORS_EMAIL = OPERATORS
    return mailbox


def own(tenant: object, name: str, email: str, role: str = "owner") -> None:
    with auth_scope():
        user = User.objects.create_user(name, email=email)
    with operator_scope():
        Membership.objects.create(tenant=tenant, user=user, role=role)


def subjects(mails) -> list[tuple[str, str]]:
    return [(mail["To"], subject(mail)) for mail in mails.taken]


def subject(mail) -> str:
    """Without the space that a long line is folded at."""
    return mail["Subject"].strip()


def look(db_rows) -> None:
    """The looks of two minutes."""
    alerts.watch()
    db_rows.execute(
        "UPDATE messaging.alerts SET began_at = began_at - interval '2 minutes' WHERE told_at IS"
        " NULL"
    )
    alerts.watch()


def refuse_token(write, work, graph) -> None:
    graph.script.append({"code": 190, "http": 401})
    write()
    work()


def test_a_parked_channel_is_told_to_the_operators_once_and_the_all_clear_once(
    acme_whatsapp, everything_runs, write, work, graph, mails, db_rows
):
    refuse_token(write, work, graph)
    for _ in range(3):
        look(db_rows)
    began, _ = mails.taken
    db_rows.execute("UPDATE messaging.channels SET status = 'live'")
    db_rows.execute(LONGER_AGO)
    for _ in range(3):
        alerts.watch()

    whose = "Acme · WhatsApp +15550100001: It sends nothing: "
    assert [mail["To"] for mail in mails.taken] == OPERATORS * 2
    assert subject(began).startswith(f"Needs a hand: {whose}") is True
    assert "Connect the number again" in began.get_content()
    assert subject(mails.taken[2]).startswith(f"Over: {whose}") is True


def test_the_tenants_owners_are_told_what_is_theirs_to_mend_and_nobody_elses_are(
    acme,
    globex,
    acme_whatsapp,
    globex_whatsapp,
    everything_runs,
    write,
    work,
    jobs,
    graph,
    mails,
    db_rows,
):
    own(acme, "ada", "ada@acme.example")
    own(acme, "amy", "amy@acme.example", role="agent")
    own(globex, "gus", "gus@globex.example")
    refuse_token(write, work, graph)
    alerts.watch()
    jobs()
    db_rows.execute("UPDATE messaging.channels SET status = 'live'")
    db_rows.execute(LONGER_AGO)
    alerts.watch()
    jobs()

    told = [
        (to, subject.partition(" · ")[0])
        for to, subject in subjects(mails)
        if "acme" in to or "globex" in to
    ]
    assert told == [
        ("ada@acme.example", "Acme: Needs a hand: Acme"),
        ("ada@acme.example", "Acme: Over: Acme"),
    ]


def test_what_is_the_platforms_is_told_to_the_operators_alone(
    acme, acme_whatsapp, jobs, mails, db_rows
):
    own(acme, "ada", "ada@acme.example")
    look(db_rows)
    jobs()

    first = "No worker gives a sign of life: nothing is recorded, answered or sent."
    assert subjects(mails) == [
        (operator, f"Needs a hand: {first} (and 1 more)") for operator in OPERATORS
    ]


def test_what_comes_and_goes_is_told_once(acme_whatsapp, db_rows, mails):
    for _ in range(3):
        db_rows.execute(RUNNING[0])
        look(db_rows)
        db_rows.execute("TRUNCATE messaging.worker_heartbeats")
        look(db_rows)

    assert [subject for to, subject in subjects(mails) if to == OPERATORS[0]] == [
        "Needs a hand: No jobs process gives a sign of life: no files, checks and mails.",
        "Needs a hand: No worker gives a sign of life: nothing is recorded, answered or sent.",
    ]


def test_what_the_mail_server_does_not_take_is_told_at_a_later_look(
    acme_whatsapp, mails, db_rows, caplog
):
    mails.answers["DATA"] = "451 try later"
    look(db_rows)
    taken = len(mails.taken)
    del mails.answers["DATA"]
    alerts.watch()

    assert (taken, len(mails.taken)) == (0, 2)
    assert [
        record.getMessage()
        for record in caplog.records
        if record.name == "messaging.monitoring.alerts"
    ] == ["2 alerts were not told to the operators: The mail server refused it for now (451)."]


def test_what_another_process_is_telling_is_not_told_beside_it(acme_whatsapp, mails, db_rows):
    alerts.watch()
    being_told = (
        "began_at = began_at - interval '2 minutes', telling_until = now() + interval '1 minute'"
    )
    db_rows.execute(f"UPDATE messaging.alerts SET {being_told}")
    alerts.watch()
    beside = len(mails.taken)
    db_rows.execute("UPDATE messaging.alerts SET telling_until = now() - interval '1 second'")
    alerts.watch()

    assert (beside, len(mails.taken)) == (0, 2)


def test_an_address_that_is_refused_keeps_no_other_from_being_told(
    acme_whatsapp, mails, db_rows, caplog
):
    mails.answers[OPERATORS[0]] = "450 later"
    look(db_rows)

    assert [mail["To"] for mail in mails.taken] == [OPERATORS[1]]
    told = [record.getMessage() for record in caplog.records if record.name == "tenants.mail"]
    assert told == [
        "A mail did not reach one of 2 addresses: The mail server refused it for now (450)."
    ]


def test_a_process_that_is_restarted_is_told_to_nobody(acme_whatsapp, mails, db_rows):
    db_rows.execute(RUNNING[0])
    alerts.watch()
    db_rows.execute(RUNNING[1])
    earlier = "began_at = began_at - interval '2 minutes', seen_at = seen_at - interval '2 minutes'"
    db_rows.execute(f"UPDATE messaging.alerts SET {earlier}")
    alerts.watch()

    assert mails.taken == []


@pytest.mark.parametrize(("seconds", "is_mailed"), [(30, False), (55, True)])
def test_a_problem_is_told_once_two_looks_have_found_it_though_the_second_began_sooner(
    seconds, is_mailed, mails, db_rows
):
    db_rows.execute(RUNNING[1])
    alerts.watch()
    db_rows.execute(
        "UPDATE messaging.alerts SET began_at = began_at - make_interval(secs => %s)", [seconds]
    )
    alerts.watch()

    assert ([mail["To"] for mail in mails.taken] == OPERATORS) is is_mailed


def test_a_worse_problem_of_a_channel_is_told_and_the_former_is_not_called_over(
    acme_whatsapp, everything_runs, mails, db_rows
):
    found = {"check": {"value": "The token ends on 2026-12-01.", "at": "2026-11-28T20:00:00+00:00"}}
    db_rows.execute("UPDATE messaging.channels SET health = %s", [json.dumps(found)])
    look(db_rows)
    db_rows.execute(
        "UPDATE messaging.channels SET status = 'needs_reauth', status_reason = 'It ended.',"
        " parked_at = now()"
    )
    look(db_rows)
    db_rows.execute(LONGER_AGO)
    look(db_rows)

    assert [subject.partition(": ")[0] for _, subject in subjects(mails) if subject] == [
        "Needs a hand"
    ] * 4
    assert {subject.rpartition(": ")[2] for _, subject in subjects(mails)} == {
        "The token ends on 2026-12-01.",
        "It ended.",
    }


def test_what_a_later_check_finds_is_told_again(acme_whatsapp, everything_runs, mails, db_rows):
    for found in ("A permission is missing.", "Nothing that people write arrives."):
        health = {"check": {"value": found, "at": "2026-11-28T20:00:00+00:00"}}
        db_rows.execute("UPDATE messaging.channels SET health = %s", [json.dumps(health)])
        look(db_rows)

    told = [subject.rpartition(": ")[2] for to, subject in subjects(mails) if to == OPERATORS[0]]
    assert told == ["A permission is missing.", "Nothing that people write arrives."]


def test_without_mail_problems_are_noted_and_told_once_there_is_one(
    acme_whatsapp, mails, settings, db_rows
):
    settings.EMAIL_IS_CONFIGURED = False
    look(db_rows)
    noted = (len(mails.taken), count())
    settings.EMAIL_IS_CONFIGURED = True
    alerts.watch()

    assert (noted, len(mails.taken)) == ((0, 2), 2)


def count() -> int:
    with operator_scope():
        return Alert.objects.count()


def test_a_worker_looks_where_no_jobs_process_gives_a_sign_of_life(acme_whatsapp, db_rows, mails):
    db_rows.execute(RUNNING[0])
    alerts.watch_instead_of_jobs()
    db_rows.execute("UPDATE messaging.alerts SET began_at = began_at - interval '2 minutes'")
    alerts.watch_instead_of_jobs()
    db_rows.execute(RUNNING[1])
    db_rows.execute("TRUNCATE messaging.worker_heartbeats")
    alerts.watch_instead_of_jobs()

    subject = "Needs a hand: No jobs process gives a sign of life: no files, checks and mails."
    assert subjects(mails) == [(operator, subject) for operator in OPERATORS]


def test_many_problems_are_one_mail(acme, everything_runs, mails, db_rows):
    db_rows.execute(
        """INSERT INTO messaging.channels
               (id, tenant_id, kind, external_id, account_id, name, status, status_reason,
                   credentials, auto_reply, created_at)
           SELECT gen_random_uuid(), %s, 'whatsapp', n::text, '1', '', 'needs_reauth', '', '',
               '', now()
           FROM generate_series(1, 1000) n""",
        [acme.id],
    )
    look(db_rows)

    mail, _ = mails.taken
    assert subject(mail).endswith("(and 999 more)") is True
    assert mail.get_content().count("It sends nothing") == 50
    assert "- and 950 more" in mail.get_content()


def test_an_alert_that_is_long_over_is_forgotten(acme_whatsapp, everything_runs, db_rows, mails):
    db_rows.execute("TRUNCATE messaging.worker_heartbeats")
    alerts.watch()
    db_rows.execute(RUNNING[0])
    db_rows.execute("UPDATE messaging.alerts SET over_at = now() - interval '91 days'")
    alerts.watch()

    assert count() == 0


def test_the_database_has_one_open_alert_of_a_problem(acme_whatsapp, db_rows, mails):
    alerts.watch()
    columns = "kind, tenant_id, channel_id, whose, said, step, is_owners, began_at, seen_at"
    copy = (
        f"INSERT INTO messaging.alerts (id, {columns}) SELECT gen_random_uuid(), {columns} FROM"
        " messaging.alerts"
    )

    with pytest.raises(Exception, match="alert_open_once_a_problem"):
        db_rows.execute(copy)
