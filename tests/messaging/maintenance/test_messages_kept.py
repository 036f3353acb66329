"""A tenant keeps its messages for days of its own: what is older goes each night, with its files
and with the conversations that are empty then.
"""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import IntegrityError
from django.utils import timezone

from messaging.maintenance import nightly
from messaging.maintenance.nightly import purge_old
from messaging.models import Contact, Conversation, Media, Message, WebhookDelivery
from tenants.models import AuditEntry, Tenant
from tenants.models.uuid7 import first_id_at
from tenants.scope import operator_scope
from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE
from tests.support.commands import command

pytestmark = pytest.mark.whatsapp


def number_of(model) -> int:
    with operator_scope():
        return model.objects.count()


def texts() -> list[str]:
    with operator_scope():
        inbound = Message.objects.filter(direction="inbound").order_by("text")
        return list(inbound.values_list("text", flat=True))


@pytest.fixture
def old(acme_whatsapp, globex_whatsapp, write, work, graph, db_rows) -> None:
    """Ada wrote to Acme and to Globex ten days ago; Grace wrote to Acme now."""
    write("to Acme", sender=ADA)
    write("to Globex", sender=ADA, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()
    long_ago = timezone.now() - timedelta(days=10)
    beginning = str(first_id_at(long_ago))[:24]
    age = "UPDATE messaging.messages SET id = (%s || right(id::text, 12))::uuid"
    db_rows.execute("SET session_replication_role = replica")  # answers name their questions
    db_rows.execute(age + ", in_reply_to_id = NULL", [beginning])
    db_rows.execute("DELETE FROM messaging.message_attempts")
    db_rows.execute("SET session_replication_role = origin")
    then = {"then": long_ago}
    db_rows.execute(
        "UPDATE messaging.conversations SET created_at = %(then)s, last_message_at = %(then)s", then
    )
    write("to Acme, now", sender=GRACE)
    work()


def keep(days: int | None, slug: str = "acme") -> None:
    with operator_scope():
        Tenant.objects.filter(slug=slug).update(keep_messages_days=days)


def test_only_a_tenant_that_has_set_it_loses_only_what_is_old(old):
    purge_old(0)
    before = texts()
    keep(9)
    purge_old(0)

    assert (before, texts()) == (
        ["to Acme", "to Acme, now", "to Globex"],
        ["to Acme, now", "to Globex"],
    )


def test_days_of_a_tenants_own_are_longer_or_shorter_than_the_platforms(old, settings):
    settings.RETENTION_DAYS = {"messages": 9}
    keep(11)
    purge_old(0)
    longer = texts()
    keep(None)
    purge_old(0)

    assert (longer, texts()) == (["to Acme", "to Acme, now"], ["to Acme, now"])


def test_a_conversation_goes_with_its_last_message_and_opens_anew(old, write, work):
    keep(9)
    before = number_of(Conversation)
    purge_old(0)
    after = number_of(Conversation)
    write("again", sender=ADA)
    work()

    assert (before, after, number_of(Conversation), number_of(Contact)) == (3, 2, 3, 3)
    assert texts() == ["again", "to Acme, now", "to Globex"]


def test_bodies_of_webhooks_are_the_platforms_to_keep(old):
    keep(1)
    purge_old(0)

    assert number_of(WebhookDelivery) == 3


def test_a_file_that_cannot_be_deleted_keeps_nothing_else(old, acme, settings, tmp_path):
    """A folder that is not empty has its name."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.FILES_ON_DISK, "OPTIONS": {"location": str(tmp_path)}},
    }
    long_ago = first_id_at(timezone.now() - timedelta(days=10))
    with operator_scope():
        stuck, gone = (
            Media(
                id=str(long_ago)[:-1] + end, tenant=acme, kind="image", status="stored", file=name
            )
            for end, name in (("1", "stuck"), ("2", "gone"))
        )
        Media.objects.bulk_create([stuck, gone])
    default_storage.save("stuck/inside", ContentFile(b"x"))
    default_storage.save("gone", ContentFile(b"x"))
    keep(9)
    purge_old(0)

    with operator_scope():
        assert list(Media.objects.values_list("file", flat=True)) == ["stuck"]
    assert not default_storage.exists("gone")
    assert texts() == ["to Acme, now", "to Globex"]
    assert number_of(Conversation) == 2


def test_one_kind_that_fails_keeps_no_other(old, settings, monkeypatch, caplog):
    def fails(before):
        raise OSError("what a person wrote")

    monkeypatch.setitem(nightly.STEPS, "bodies", fails)
    settings.RETENTION_DAYS = {"bodies": 9, "messages": 9}
    purge_old(0)

    assert texts() == ["to Acme, now"]
    assert "what a person wrote" not in caplog.text


def test_the_command_sets_the_days_and_takes_them_away(acme):
    told = [
        command("set_retention", "--tenant", "acme", "--days", "90"),
        command("set_retention", "--tenant", "acme"),
    ]
    with operator_scope():
        entries = AuditEntry.objects.filter(detail__command="set_retention").count()

    assert [each["keep_messages_days"] for each in told] == [90, None]
    assert entries == 2


@pytest.mark.parametrize("days", ["0", "-1", "36501"])
def test_days_that_are_none_are_refused(acme, days):
    with pytest.raises(CommandError, match="--days must be between 1 and 36500"):
        command("set_retention", "--tenant", "acme", "--days", days)
    with pytest.raises(IntegrityError, match=r"tenant_keeps_messages_for_days|out of range"):
        keep(int(days))
