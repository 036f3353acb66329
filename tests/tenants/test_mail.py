"""E-mail over real SMTP: delivered once, refused for good, or tried again for hours; nobody's
address stands in a log.
"""

import logging
import ssl

import pytest

from tenants import mail
from tenants.mail.tasks import TRIES, post
from tenants.scope import operator_scope, router_scope, tenant_scope
from tests.support.mailbox import Mailbox
from tests.support.tls import write_certificate

AGAIN = "The letter greeting was not sent and is tried again: {}"
ADDRESS, OTHER = "ada@acme.example", "grace@acme.example"


@pytest.fixture(autouse=True)
def greeting(monkeypatch):
    """A letter to Ada and Grace; its subject says what it was given."""

    def letter(**ids):
        subject = f"For {sorted(ids.values())}\nBcc: eve@evil.example"
        return mail.Mail((ADDRESS, OTHER), subject, "Hello, Ada.")

    monkeypatch.setitem(mail.letters, "greeting", letter)
    monkeypatch.setitem(mail.letters, "nothing", lambda: None)


@pytest.fixture
def log(caplog, monkeypatch):
    """All that a process of background tasks logs, tracebacks too."""
    monkeypatch.setattr(logging.getLogger("procrastinate"), "propagate", True)
    caplog.set_level(logging.CRITICAL, logger="mail.log")  # the mail server's own
    caplog.set_level(logging.INFO, logger="procrastinate")
    with caplog.at_level(logging.INFO):
        yield caplog


@pytest.fixture
def posted(db_rows, jobs):
    """`posted()`: a letter is put in, and what is due is done; (state, attempts, seconds until it
    is tried again).
    """

    def posted(letter: str = "greeting", **ids: str) -> tuple[str, int, int]:
        with operator_scope():
            post(letter, **ids)
        jobs()
        return state(db_rows)

    return posted


def state(db_rows) -> tuple[str, int, int]:
    query = """SELECT status::text, attempts, coalesce(round(extract(epoch
        FROM scheduled_at - now())), 0)::int
               FROM jobs.procrastinate_jobs WHERE task_name = 'tenants.tasks.send_mail'"""
    status, attempts, wait = db_rows.execute(query).fetchone()
    return status, attempts, round(wait / 10) * 10


def said(log) -> list[str]:
    """What the process logs of a mail by default: a warning each time, and the error with which a
    task has failed.
    """
    lines = [record.getMessage() for record in log.records if record.name == "tenants.mail.tasks"]
    return lines + [
        str(record.exc_info[1])
        for record in log.records
        if record.levelno >= logging.ERROR and record.exc_info
    ]


def secrets_in(log) -> list[str]:
    return [
        word
        for word in (ADDRESS, OTHER, "acme.example", "Hello, Ada", "hunter2")
        if word in log.text
    ]


@pytest.mark.parametrize("scope", [operator_scope, router_scope])
def test_a_letter_is_written_and_delivered_when_its_task_is_done(scope, mailbox, jobs, db_rows):
    with scope():
        post("greeting", contact="7")
    jobs()
    jobs()

    taken, other = mailbox.taken
    assert (taken["From"], taken["Subject"]) == (
        "Messaging <no-reply@localhost>",
        "For ['7'] Bcc: eve@evil.example",
    )
    assert (taken["To"], other["To"]) == (ADDRESS, OTHER)
    assert (taken["Bcc"], taken["Auto-Submitted"], taken.get_content().strip()) == (
        None,
        "auto-generated",
        "Hello, Ada.",
    )
    assert state(db_rows) == ("succeeded", 1, 0)


def test_a_tenants_letter_is_the_tenants_whatever_it_says(acme, globex, mailbox, jobs):
    with tenant_scope(acme.id):
        post("greeting", tenant_id=globex.id)
    jobs()

    assert [each["Subject"].split("]")[0] for each in mailbox.taken] == [f"For ['{acme.id}'"] * 2


def test_a_letter_of_a_transaction_that_failed_is_never_sent(mailbox, jobs):
    with pytest.raises(ZeroDivisionError), operator_scope():
        post("greeting")
        raise ZeroDivisionError
    jobs()

    assert mailbox.taken == []


def test_the_queue_stores_the_letters_name_its_language_and_ids_alone(mailbox, posted, db_rows):
    posted(contact="7")

    stored = db_rows.execute("SELECT args FROM jobs.procrastinate_jobs").fetchall()
    assert stored == [({"letter": "greeting", "language": "en", "contact": "7"},)]


def test_a_letter_that_has_nothing_to_say_any_more_is_not_sent(mailbox, posted):
    assert (posted("nothing"), mailbox.taken) == (("succeeded", 1, 0), [])


@pytest.mark.parametrize("where", ["RCPT", "DATA"])
def test_what_the_mail_server_refuses_for_good_has_failed_and_the_log_says_so_without_the_address(
    where, mailbox, posted, log
):
    mailbox.answers[where] = f"550 <{ADDRESS}> is not known here"

    assert (posted(), mailbox.taken) == (("failed", 1, 0), [])
    assert said(log) == ["The mail server refused it for good (550)."]
    assert secrets_in(log) == []


@pytest.mark.parametrize("where", ["RCPT", "DATA"])
def test_what_the_mail_server_refuses_for_now_is_tried_again(where, mailbox, posted, log):
    mailbox.answers[where] = f"451 <{ADDRESS}> come back later"

    assert (posted(), mailbox.taken) == (("todo", 1, 30), [])
    assert said(log) == [AGAIN.format("The mail server refused it for now (451).")]
    assert secrets_in(log) == []


def test_one_recipient_who_is_unknown_keeps_nobody_else_from_the_mail(mailbox, posted):
    mailbox.answers[OTHER] = "550 unknown"

    assert (posted(), [each["To"] for each in mailbox.taken]) == (("succeeded", 1, 0), [ADDRESS])


def test_a_mail_server_that_is_down_is_asked_for_hours_and_then_no_more(
    mailbox, posted, jobs, db_rows, log
):
    mailbox.stop()
    waits = [posted()[2]]
    while state(db_rows)[0] == "todo":
        db_rows.execute(
            "SET search_path = jobs; UPDATE procrastinate_jobs SET scheduled_at = now(); RESET"
            " search_path"
        )
        jobs()
        waits.append(state(db_rows)[2])

    assert (waits[:-1], state(db_rows)[:2]) == (
        [30, 120, 480, 1920, 7680, 30720],
        ("failed", TRIES),
    )
    down = "The mail server did not take it (ConnectionRefusedError)."
    assert said(log) == [*[AGAIN.format(down)] * (TRIES - 1), down]
    assert secrets_in(log) == []


def test_a_mail_server_that_comes_back_gets_the_mail(mailbox, settings, posted, jobs, db_rows):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert posted() == ("todo", 1, 30)

    settings.EMAIL_PORT = port
    db_rows.execute(
        "SET search_path = jobs; UPDATE procrastinate_jobs SET scheduled_at = now(); RESET"
        " search_path"
    )
    jobs()
    assert (state(db_rows)[:2], len(mailbox.taken)) == (("succeeded", 2), 2)


@pytest.fixture
def with_tls(tmp_path):
    """A mail server that speaks TLS (STARTTLS) and lets nobody in without; its certificate is
    signed by itself.
    """
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    write_certificate(certificate, key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    mailbox = Mailbox(tls_context=context, require_starttls=True)
    yield mailbox, certificate
    mailbox.stop()


def test_a_mail_goes_through_tls_to_a_server_whose_certificate_is_trusted(
    with_tls, settings, posted, monkeypatch
):
    mailbox, certificate = with_tls
    mailbox.use(settings, EMAIL_USE_TLS=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    assert (posted(), len(mailbox.taken)) == (("succeeded", 1, 0), 2)


def test_no_mail_goes_to_a_server_whose_certificate_is_not_trusted(with_tls, settings, posted, log):
    mailbox, _ = with_tls
    mailbox.use(settings, EMAIL_USE_TLS=True)

    assert (posted(), mailbox.taken) == (("todo", 1, 30), [])
    assert said(log) == [
        AGAIN.format("The mail server did not take it (SSLCertVerificationError).")
    ]
    assert secrets_in(log) == []


def test_no_mail_goes_to_a_server_that_offers_no_tls_where_it_is_wanted(mailbox, settings, posted):
    settings.EMAIL_USE_TLS = True

    assert (posted(), mailbox.taken) == (("todo", 1, 30), [])


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_password_that_the_mail_server_refuses_is_tried_again_because_somebody_will_correct_it(
    settings, posted, log
):
    mailbox = Mailbox(auth_required=True, auth_require_tls=False)
    mailbox.use(settings, EMAIL_HOST_USER="ada", EMAIL_HOST_PASSWORD="hunter2")
    try:
        assert (posted(), mailbox.taken) == (("todo", 1, 30), [])
    finally:
        mailbox.stop()
    assert said(log) == [
        AGAIN.format("The mail server refused the user or the password of EMAIL_URL (535).")
    ]
    assert secrets_in(log) == []


def test_a_process_without_a_mail_server_leaves_the_mail_for_one_that_has_it(posted, log):
    assert posted() == ("todo", 1, 30)
    assert said(log) == [AGAIN.format("EMAIL_URL is not set where background tasks are done.")]
