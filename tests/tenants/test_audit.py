"""The audit log: whatever platform staff read of people's messages, and whatever they do, stands in
it, by whom and of which tenant, and never what it said.
"""

import io
from getpass import getuser

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory

from channels_app.models import Channel
from messaging.models import Contact, Conversation, Media, Message, WebhookDelivery
from tenants.admin.audit.pages import Audited
from tenants.models import AuditEntry, Membership, Tenant, User
from tenants.scope import auth_scope, operator_scope
from tests.support.cast import ADA, GRACE

pytestmark = pytest.mark.whatsapp

PASSWORD = "a-password-of-the-tests"
WORDS = ["A secret of", "I have another id", ADA, GRACE, "token-of", PASSWORD]


def noted() -> list[tuple[str, str, str, str]]:
    """(who, did, kind, tenant) of each entry, the oldest first."""
    with operator_scope():
        entries = AuditEntry.objects.select_related("tenant").order_by("id")
        return [
            (each.username, each.action, each.kind, each.tenant.slug if each.tenant else "")
            for each in entries
        ]


def entry() -> AuditEntry:
    """The only one."""
    with operator_scope():
        return AuditEntry.objects.get()


def ids(rows) -> list[str]:
    return sorted(str(id) for id in rows)


def test_every_page_of_the_back_office_is_audited():
    assert [
        model for model, page in admin.site._registry.items() if not isinstance(page, Audited)
    ] == []


def test_reading_a_conversation_is_noted_with_who_when_and_whose(both, root):
    with operator_scope():
        conversation = Conversation.objects.filter(tenant=both[0]).earliest("id")
        reader = User.objects.get(username="root")
    page = root.get(f"/admin/messaging/conversation/{conversation.id}/change/")

    found, shown = entry(), page.content.decode()
    assert (page.status_code, "A secret of Acme" in shown) == (200, True)
    link = f'<a href="/admin/tenants/auditentry/?object={conversation.id}">Who looked at this</a>'
    assert shown.count(link) == 1
    assert (found.user_id, found.username, found.action) == (reader.id, "root", "read")
    assert (found.kind, found.object_ids, found.tenant_id, found.detail) == (
        "messaging.conversation",
        [str(conversation.id)],
        both[0].id,
        {},
    )


def test_a_message_that_was_read_is_found_by_its_conversation_as_well(both, root):
    with operator_scope():
        message = Message.objects.filter(tenant=both[0]).earliest("id")
    root.get(f"/admin/messaging/message/{message.id}/change/")

    assert entry().object_ids == [str(message.id), str(message.conversation_id)]


def test_a_list_of_messages_is_one_entry_for_each_tenant_whose_words_it_shows(both, root):
    assert root.get("/admin/messaging/message/").status_code == 200

    with operator_scope():
        for tenant in both:
            found = AuditEntry.objects.get(tenant=tenant)
            shown = Message.objects.filter(tenant=tenant)
            about = Conversation.objects.filter(id__in=shown.values("conversation_id"))
            assert (found.action, found.kind, found.detail) == (
                "read",
                "messaging.message",
                {"rows": shown.count()},
            )
            assert sorted(found.object_ids) == ids(
                [*shown.values_list("id", flat=True), *about.values_list("id", flat=True)]
            )
        assert AuditEntry.objects.count() == 2


def test_deliveries_and_files_are_noted(both, root):
    with operator_scope():
        delivery, media = WebhookDelivery.objects.earliest("id"), Media.objects.earliest("id")
    root.get(f"/admin/messaging/webhookdelivery/{delivery.id}/change/")
    root.get(f"/admin/messaging/media/{media.id}/change/")

    with operator_scope():
        whose = media.tenant.slug
    assert noted() == [
        ("root", "read", "messaging.webhookdelivery", ""),
        ("root", "read", "messaging.media", whose),
    ]


def test_that_somebody_searched_is_noted_and_not_for_what(both, root, db_rows):
    root.get("/admin/messaging/contact/", {"q": ADA})
    assert noted() == [("root", "search", "messaging.contact", "")]

    root.get("/admin/messaging/message/", {"q": "nobody at all"})
    assert noted()[1:] == [("root", "search", "messaging.message", "")]


def test_nothing_that_was_said_nobodys_number_and_no_secret_is_in_the_log(both, root, db_rows):
    with operator_scope():
        conversations = list(Conversation.objects.values_list("id", flat=True))
    for model in admin.site._registry:
        root.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/", {"q": ADA})
    pages = [root.get(f"/admin/messaging/conversation/{id}/change/") for id in conversations]
    rename(root, both[0], name="A secret of nobody")

    assert any("A secret of" in page.content.decode() for page in pages)
    log = str(db_rows.execute("SELECT to_jsonb(e) FROM messaging.audit_entries e").fetchall())
    assert (len(log) > 1000, [word for word in WORDS if word in log]) == (True, [])


def test_a_page_whose_entry_fails_is_not_shown(both, root, superuser):
    with operator_scope():
        conversation = Conversation.objects.filter(tenant=both[0]).earliest("id")
    address = f"/admin/messaging/conversation/{conversation.id}/change/"
    superuser.execute("REVOKE INSERT ON messaging.audit_entries FROM msg_operator, msg_auth")
    try:
        page = root.get(address)
    finally:
        superuser.execute("GRANT INSERT ON messaging.audit_entries TO msg_operator, msg_auth")

    assert (page.status_code, b"A secret of Acme" in page.content) == (500, False)
    assert b"A secret of Acme" in root.get(address).content


def rename(client: Client, tenant: Tenant, **changes: str) -> HttpResponse:
    """Send the form of a tenant's page, as it is but for these changes; those that begin with "_"
    are of the memberships beneath it.
    """
    address = f"/admin/tenants/tenant/{tenant.id}/change/"
    shown = client.get(address).context
    form, people = shown["adminform"].form, shown["inline_admin_formsets"][0].formset
    filled = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    filled = {name: value for name, value in filled.items() if value is not None}
    rows = {"_TOTAL_FORMS": "0", "_INITIAL_FORMS": "0", **changes}
    given = {
        f"{people.prefix}-{name[1:]}" if name.startswith("_") else name: value
        for name, value in rows.items()
    }
    return client.post(address, {**filled, **given})


def test_a_change_is_noted_with_the_names_of_its_fields(acme, root):
    assert rename(root, acme, name="Acme Ltd.", auto_reply="Closed.").status_code == 302

    found = entry()
    assert (found.action, found.kind, found.tenant_id, found.object_ids) == (
        "change",
        "tenants.tenant",
        acme.id,
        [str(acme.id)],
    )
    assert found.detail == {"fields": ["Name", "Auto reply"]}


def test_a_membership_that_is_given_is_noted_with_whom_it_was_given_to(acme, root):
    with auth_scope():
        ada = User.objects.create_user("ada")
    given = {"_TOTAL_FORMS": "1", "_0-user": str(ada.id), "_0-role": "owner"}
    assert rename(root, acme, **given).status_code == 302

    with operator_scope():
        given = Membership.objects.get()
        found = AuditEntry.objects.get(kind="tenants.membership")
    assert (found.action, found.tenant_id, found.object_ids) == (
        "create",
        acme.id,
        [str(given.id), str(ada.id)],
    )


def test_an_order_is_noted_with_each_row_that_it_changed_a_tenant_at_a_time(both, root):
    with operator_scope():
        chosen = list(Contact.objects.values_list("id", flat=True))
    form = {"action": "block", "_selected_action": [str(id) for id in chosen], "index": "0"}
    asked = root.post("/admin/messaging/contact/", form)
    assert (asked.status_code, noted()) == (200, [])
    root.post("/admin/messaging/contact/", {**form, "confirmed": "yes"})

    with operator_scope():
        entries = list(AuditEntry.objects.select_related("tenant"))
        theirs = {
            tenant.slug: ids(Contact.objects.filter(tenant=tenant).values_list("id", flat=True))
            for tenant in both
        }
    assert {each.tenant.slug: sorted(each.object_ids) for each in entries} == theirs
    assert {(each.action, each.detail["order"]) for each in entries} == {("order", "Blocked.")}


def test_an_order_that_asks_nothing_is_noted_too(both, root):
    with operator_scope():
        channel = Channel.objects.earliest("id")
    form = {"action": "check_connection", "_selected_action": [str(channel.id)], "index": "0"}
    root.post("/admin/channels/channel/", form)

    found = entry()
    assert (found.action, found.kind, found.object_ids, found.detail) == (
        "order",
        "channels.channel",
        [str(channel.id)],
        {"order": "Being checked: see its health in a moment."},
    )


def test_a_page_that_does_something_and_forgets_to_note_it_is_noted_all_the_same(acme, db_rows):
    def settle(request: HttpRequest, tenant_id: object) -> HttpResponse:
        return HttpResponseRedirect("/admin/")

    page = admin.site._registry[Tenant].noted(settle)
    with operator_scope():
        root = User.objects.create(username="root", is_staff=True)
        for request in (RequestFactory().get("/"), RequestFactory().post("/")):
            request.user = root
            page(request, tenant_id=acme.id)

    assert noted() == [("root", "order", "tenants.tenant", "acme")]
    assert entry().detail == {"order": "settle"}


def test_the_question_before_an_order_shows_messages_and_is_noted_as_read(both, root):
    with operator_scope():
        message = Message.objects.filter(tenant=both[0]).earliest("id")
    form = {"action": "send_again", "_selected_action": [str(message.id)], "index": "0"}
    root.post("/admin/messaging/message/", form)

    assert (entry().action, entry().object_ids[0]) == ("read", str(message.id))


def test_what_somebody_may_not_do_is_noted_after_nothing_was_done(both, db_rows):
    client = Client()
    with auth_scope():
        client.force_login(User.objects.create_user("grace", is_staff=True))
    with operator_scope():
        conversation = Conversation.objects.earliest("id")
    address = f"/admin/messaging/conversation/{conversation.id}/change/"

    assert client.get(address, {"q": ADA}).status_code == 403
    assert noted() == [("grace", "refused", "", "")]
    assert entry().detail == {"tried": f"GET {address}"}


def test_strangers_and_members_leave_no_entry(acme, db_rows):
    member = Client()
    with auth_scope():
        member.force_login(User.objects.create_user("ada"))
    for client in (Client(), member):
        assert client.get("/admin/messaging/message/").status_code == 302

    assert noted() == []


@pytest.mark.parametrize("login", ["/admin/login/", "/staff/login/"])
def test_signing_in_and_out_and_a_wrong_password_are_noted_of_staff_alone(login, acme):
    with auth_scope():
        User.objects.create_user("grace", password=PASSWORD, is_staff=True)
        User.objects.create_user("ada", password=PASSWORD)
    client = Client()
    for name in ("ada", "grace"):
        for password in ("wrong", PASSWORD):
            client.post(login, {"username": name, "password": password})
        client.post(login.replace("login", "logout"))
    client.post(login, {"username": "nobody", "password": "wrong"})

    assert noted() == [
        ("grace", action, "", "") for action in ("sign_in_failed", "sign_in", "sign_out")
    ]


def test_a_command_that_shows_messages_is_noted_by_the_operating_systems_user(both):
    command = io.StringIO()
    call_command("trace", ADA, tenant="acme", stdout=command)

    assert "A secret of Acme" in command.getvalue()
    with operator_scope():
        shown = Conversation.objects.filter(tenant=both[0]).values_list("id", flat=True)
        assert sorted(AuditEntry.objects.get().object_ids) == ids(shown)
    assert noted() == [(getuser(), "read", "messaging.conversation", "acme")]
