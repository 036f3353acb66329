"""Every message that gets no automatic reply says why; one that gets one says nothing."""

import time

import pytest

from messaging.models import Contact, Message
from messaging.models.unanswered import Unanswered
from messaging.replies.strategy import NoReply
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

NOW, HOUR, DAY = time.time(), 3600, 86400


@pytest.fixture
def tell(deliver, work):
    """Deliver one change of a field to Acme, and take it through."""

    def tell(field: str, content: dict) -> None:
        deliver(
            bodies.webhook(
                bodies.change(ACME_ACCOUNT, field, {**bodies.value(ACME_NUMBER), **content})
            )
        )
        work()

    return tell


def reasons() -> dict[str, str]:
    """Return text -> reason of every inbound message."""
    with operator_scope():
        return dict(Message.objects.filter(direction="inbound").values_list("text", "unanswered"))


def answered() -> list[str]:
    with operator_scope():
        return list(
            Message.objects.filter(in_reply_to__isnull=False).values_list(
                "in_reply_to__text", flat=True
            )
        )


def test_a_message_that_is_answered_has_no_reason(acme_whatsapp, write, work, graph):
    write("Hello")
    work()

    assert (reasons(), answered()) == ({"Hello": ""}, ["Hello"])


def test_the_limit_of_replies_is_a_reason(acme_whatsapp, write, work, graph):
    with operator_scope():
        Tenant.objects.update(replies_per_hour=1)
    write("first", "second")
    work()

    assert (reasons(), answered()) == ({"first": "", "second": "limit"}, ["first"])


def test_no_text_set_is_a_reason(acme_whatsapp, write, work, graph):
    with operator_scope():
        Tenant.objects.update(auto_reply="")
    write("Hello")
    work()

    assert reasons() == {"Hello": "no_text"}


@pytest.mark.parametrize(
    "kind", ["reaction", "system", "unsupported", "edit", "revoke", "request_welcome"]
)
def test_a_kind_that_is_never_answered_is_a_reason(acme_whatsapp, deliver, work, graph, kind):
    item = {**bodies.text(), "type": kind}
    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(item,)))))
    work()

    assert list(reasons().values()) == ["kind"]


def test_staff_who_are_writing_are_a_reason(acme_whatsapp, write, tell, work, graph):
    own = {**bodies.text("On its way!", sender="15550100001"), "to": ADA}
    tell("smb_message_echoes", {"message_echoes": [own]})
    write("Thank you")
    work()

    assert reasons() == {"Thank you": "paused"}


def test_a_suspended_tenant_is_a_reason(acme_whatsapp, write, work, graph):
    with operator_scope():
        Tenant.objects.update(status="suspended")
    write("Hello")
    work()

    assert reasons() == {"Hello": "suspended"}


def test_a_blocked_contact_is_a_reason(acme_whatsapp, write, work, graph):
    write("before")
    work()
    with operator_scope():
        Contact.objects.update(blocked_at="2026-01-01T00:00Z")
    write("after")
    work()

    assert reasons() == {"before": "", "after": "blocked"}


def test_age_is_a_reason_and_so_is_a_newer_message(acme_whatsapp, write, work, graph):
    write("last week's", at=NOW - 8 * DAY)
    work()
    write("new", at=NOW)
    work()
    write("crossed", at=NOW - HOUR)
    work()

    assert reasons() == {"last week's": "too_old", "new": "", "crossed": "superseded"}


def test_a_group_is_a_reason(acme_whatsapp, write, work, graph):
    write("to all", group_id="group-1")
    work()

    assert reasons() == {"to all": "group"}


def test_history_is_a_reason_and_what_staff_wrote_needs_none(acme_whatsapp, tell, graph, db_rows):
    theirs = {**bodies.text("long ago", at=NOW - 99 * DAY), "history_context": {"status": "READ"}}
    ours = {
        **bodies.text("sent long ago", sender="15550100001", at=NOW - 98 * DAY),
        "history_context": {"status": "READ"},
    }
    phase = {
        "metadata": {"phase": 0, "chunk_order": 1, "progress": 55},
        "threads": [{"id": ADA, "messages": [theirs, ours]}],
    }
    tell("history", {"history": [phase]})

    assert reasons() == {"long ago": "history"}
    assert db_rows.execute(
        "SELECT text, unanswered FROM messaging.messages ORDER BY sent_at"
    ).fetchall() == [("long ago", "history"), ("sent long ago", "")]


class SaysNothing:
    def reply_to(self, message: Message) -> None:
        return None


class SaysAnEmptyText:
    def reply_to(self, message: Message) -> str:
        return ""


class SaysWhy:
    def reply_to(self, message: Message) -> NoReply:
        return NoReply(Unanswered.LIMIT)


class SaysAWordOfItsOwn:
    def reply_to(self, message: Message) -> NoReply:
        return NoReply("closed")  # type: ignore[arg-type]


class Fails:
    def reply_to(self, message: Message) -> str:
        raise RuntimeError("the model is down")


@pytest.mark.parametrize(
    ("strategy", "reason"),
    [
        (SaysNothing, "declined"),
        (SaysAnEmptyText, "declined"),
        (SaysWhy, "limit"),
        (SaysAWordOfItsOwn, "failed"),
        (Fails, "failed"),
    ],
)
def test_a_strategy_that_gives_no_reply_is_a_reason(
    acme_whatsapp, write, work, graph, settings, strategy, reason
):
    settings.REPLY_STRATEGY = f"{__name__}.{strategy.__name__}"
    write("Hello")
    work()

    assert reasons() == {"Hello": reason}


def test_the_database_knows_the_reasons_and_takes_one_for_received_messages_alone(
    acme_whatsapp, write, work, graph, db_rows
):
    write("Hello")
    work()

    for direction, word in (("outbound", "limit"), ("inbound", "no such reason")):
        with pytest.raises(Exception, match="message_unanswered_for_a_known_reason"):
            db_rows.execute(
                "UPDATE messaging.messages SET unanswered = left(%s, 10) WHERE direction = %s",
                [word, direction],
            )
