"""Each night what is older than the settings keep it is deleted, and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.retention import days_kept
from messaging.maintenance.nightly import MESSAGES, STEPS, purge_old
from messaging.models import Message, WebhookDelivery
from tenants.models.uuid7 import first_id_at
from tenants.scope import operator_scope

pytestmark = pytest.mark.whatsapp


def numbers() -> tuple[int, int]:
    with operator_scope():
        return WebhookDelivery.objects.count(), Message.objects.count()


@pytest.fixture
def old(ada, write, db_rows) -> None:
    """Ada's first message and its webhook came ten days ago, her second one now."""
    long_ago = first_id_at(timezone.now() - timedelta(days=10))
    db_rows.execute("UPDATE messaging.webhook_deliveries SET id = %s", [long_ago])
    db_rows.execute("UPDATE messaging.messages SET id = %s", [long_ago])
    write("Hello again")


def test_only_what_has_a_setting_is_deleted_and_only_when_it_is_old(old, settings):
    settings.RETENTION_DAYS = {"bodies": 11}
    purge_old(0)
    young = numbers()
    settings.RETENTION_DAYS = {"bodies": 9}
    purge_old(0)

    assert (young, numbers()) == ((2, 1), (1, 1))


def test_without_a_setting_nothing_is_deleted(old, settings):
    assert settings.RETENTION_DAYS == {}
    purge_old(0)
    assert numbers() == (2, 1)


def test_every_kind_of_the_settings_is_deleted_by_something(monkeypatch):
    for kind in ("WEBHOOKS", "EVENTS", "MESSAGES", "WEBHOOK_LOG", "AUDIT_LOG"):
        monkeypatch.setenv(f"KEEP_{kind}_DAYS", "90")
    assert days_kept() == dict.fromkeys([*STEPS, MESSAGES], 90)
