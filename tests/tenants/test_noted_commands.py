"""Commands that change or show what is tenants' or people's stand in the audit log, by the name of
the operating system's user.
"""

from getpass import getuser
from typing import Any

import pytest
from django.core.management import (
    BaseCommand,
    CommandError,
    call_command,
    get_commands,
    load_command_class,
)

from messaging.models import WebhookDelivery
from tenants.management.noted import Noted
from tenants.models import ApiKey, AuditEntry, User
from tenants.scope import auth_scope, operator_scope

pytestmark = pytest.mark.whatsapp

PASSWORD = "a-password-of-the-tests"
OURS = ("tenants", "channels_app", "messaging", "whatsapp")
CHANGE_NOTHING = {
    *("status", "list_api_keys", "whatsapp_checklist", "supabase_sql"),  # tell
    *("worker", "jobs"),  # do what others have ordered
    "rehearse",  # leaves its copy as it is
    "prepare_database",  # as the owner, before there is a log
    *("create_demo", "simulate_message", "graph_stand_in"),  # on a developer's copy
}


def entries() -> list[tuple[str, str, str, dict[str, Any]]]:
    """(did, kind, tenant, detail) of each entry, the oldest first."""
    with operator_scope():
        return [
            (each.action, each.kind, each.tenant.slug if each.tenant else "", each.detail)
            for each in AuditEntry.objects.select_related("tenant").order_by("id")
        ]


def run(command: str, /, *args: object, **options: object) -> None:
    with open("/dev/null", "w") as nowhere:
        call_command(command, *map(str, args), stdout=nowhere, stderr=nowhere, **options)


def loaded(name: str) -> BaseCommand:
    return load_command_class(get_commands()[name], name)


def test_every_command_that_changes_something_is_noted():
    ours = {name for name, app in get_commands().items() if app in OURS}
    noted = {name for name in ours if isinstance(loaded(name), Noted)}

    assert ours - noted == CHANGE_NOTHING


def test_a_new_tenant_its_member_and_its_key_are_noted_with_their_ids(acme):
    with auth_scope():
        ada = User.objects.create_user("ada")
    run("create_tenant", "globex", name="Globex")
    for role in ("agent", "owner"):
        run("add_member", tenant="globex", user="ada", role=role)
    run("create_api_key", tenant="globex", name="Shop")
    with operator_scope():
        key = ApiKey.objects.get()
    run("revoke_api_key", key.id, tenant="globex")

    assert entries() == [
        ("create", "tenants.tenant", "globex", {"command": "create_tenant"}),
        ("create", "tenants.membership", "globex", {"command": "add_member"}),
        ("change", "tenants.membership", "globex", {"command": "add_member"}),
        ("create", "tenants.apikey", "globex", {"command": "create_api_key"}),
        ("order", "tenants.apikey", "globex", {"command": "revoke_api_key"}),
    ]
    with operator_scope():
        found = AuditEntry.objects.order_by("id")
        assert {each.username for each in found} == {getuser()}
        assert (str(ada.id) in found[1].object_ids, found[3].object_ids) == (True, [str(key.id)])


def test_a_reply_is_noted_and_not_what_it_says(acme, acme_whatsapp):
    run("set_auto_reply", "We answer soon.", tenant="acme")
    run("set_auto_reply", "We answer soon.", tenant="acme", channel=acme_whatsapp.id)

    detail = {"command": "set_auto_reply", "fields": ["auto_reply"]}
    assert entries() == [
        ("change", "tenants.tenant", "acme", detail),
        ("change", "channels.channel", "acme", detail),
    ]


def test_deliveries_that_are_processed_again_are_noted_by_their_ids(acme_whatsapp, write, work):
    write()
    work()
    with operator_scope():
        delivery = WebhookDelivery.objects.get()
    run("replay_deliveries", delivery.id)

    assert entries() == [
        ("order", "messaging.webhookdelivery", "", {"command": "replay_deliveries"})
    ]
    with operator_scope():
        assert AuditEntry.objects.get().object_ids == [str(delivery.id)]


def test_a_command_about_no_row_is_noted_by_its_name(db_rows):
    run("purge", bodies=30, audit=400)
    run("rotate_encryption_keys")
    run("axes_reset")

    assert entries() == [
        ("delete", "", "", {"command": "purge", "what": ["bodies", "audit log"]}),
        ("order", "", "", {"command": "rotate_encryption_keys"}),
        ("order", "", "", {"command": "axes_reset"}),
    ]


def test_a_command_that_forgets_to_note_itself_is_noted_all_the_same(acme):
    run("check_channels")

    assert entries() == [("order", "", "", {"command": "check_channels"})]


def test_a_command_that_fails_leaves_no_entry(acme):
    with pytest.raises(CommandError):
        run("add_member", tenant="acme", user="nobody", role="owner")

    assert entries() == []


def test_a_superuser_made_at_the_server_is_noted(db_rows, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    run("createsuperuser", interactive=False, username="root", email="root@example.com")

    assert entries() == [("order", "", "", {"command": "createsuperuser"})]
