"""Orders about what is kept of a contact: save all of it to a file, erase all of it."""

from collections.abc import Collection
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import action
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from messaging.admin import people
from messaging.models import Contact, ContactIdentity
from messaging.models.identity import digits_of
from messaging.privacy import export, orders
from messaging.privacy.subject import subject_of
from tenants.admin.confirming import Question, note_of, order

ONE_ALONE = _("Nothing was done. Choose exactly one contact.")
ERASE = Question(
    _("Erase this contact?"),
    _(
        "Their messages, files, names and ids are deleted, also from the webhooks that are kept,"
        " and nothing is sent to them any more. Nobody can bring them back. Whatever they write"
        " afterwards is from somebody new."
    ),
    note=_("Type their number or their whole name, to show that it is the right person:"),
    note_length=256,
)


def is_one(chosen: QuerySet[Contact]) -> str:
    """Return why these contacts cannot be erased together, or nothing."""
    return "" if chosen.count() == 1 else str(ONE_ALONE)


def is_named(contact: Contact, typed: str) -> bool:
    """Return whether what was typed is a name of the contact, or one of their ids."""
    names = {contact.name, contact.saved_name, contact.username} - {""}
    ids = ContactIdentity.objects.filter(tenant=contact.tenant_id, contact=contact.id)
    return typed in names or ids.filter(value__in={typed, digits_of(typed)} - {""}).exists()


class PrivacyOrders(people.SearchedAsTyped):
    """Has the actions; both are for one contact at a time."""

    @action(
        description=_("Save everything that is kept about them to a file"), permissions=["decide"]
    )
    def export_contact(
        self, request: HttpRequest, queryset: QuerySet[Contact]
    ) -> StreamingHttpResponse | None:
        """Write the document in the request's transaction; storage is asked for the files after
        it, while the response is sent.
        """
        contacts = list(
            Contact.objects.filter(id__in=queryset.values("id")).select_related("tenant")
        )
        if len(contacts) != 1:
            self.message_user(request, str(ONE_ALONE), messages.ERROR)
            return None
        (contact,) = contacts
        subject = subject_of(contact.tenant_id, contact.id)
        document = export.document_of(contact.tenant, subject)
        archive = export.archive_of(document, list(export.stored_files(subject)))
        name = f"contact-{contact.id}.zip"
        return StreamingHttpResponse(
            archive,
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @order(
        _("Erase: delete everything of theirs"),
        permission="decide",
        noun=(_("contact"), _("contacts")),
        done=_("ordered to be erased"),
        otherwise=_("What was typed is neither their number nor their name."),
        asks=ERASE,
        fits=is_one,
    )
    def erase(self, request: HttpRequest, queryset: QuerySet[Contact]) -> Collection[UUID]:
        contact = queryset.get()
        if not is_named(contact, note_of(request)):
            return []
        orders.order(contact.tenant_id, contact.id, by=request.user.get_username())
        return [contact.id]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_contact")
