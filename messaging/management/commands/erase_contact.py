import json
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser

from messaging.models import Contact, Erasure
from messaging.privacy import orders
from messaging.privacy.erasing import erase
from messaging.privacy.meant import NotOne, contact_meant
from messaging.privacy.subject import subject_of
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.management.tenants import tenant_of
from tenants.scope import operator_scope

BY = "manage.py erase_contact"


class Command(Noted):
    help = (
        "Erases a contact: their messages, files, names and ids, also in the bytes of webhooks."
        " Only keyed hashes stay, by which a repeated webhook is recognized. It cannot be undone."
        " Safe to interrupt: call it again, or let the jobs process go on. Example: manage.py"
        " erase_contact"
        ' --tenant acme "+46 70 000 00 01" --dry-run'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "term", metavar="ID or NUMBER", help="the contact's id, or their number, or its end"
        )
        parser.add_argument("--tenant", metavar="SLUG", required=True, help="whose contact it is")
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would be erased, and erase nothing"
        )

    def handle(self, *args: Any, term: str, tenant: str, dry_run: bool, **options: Any) -> None:
        with operator_scope():
            owner = tenant_of(tenant)
            contact_id = self.contact_id(owner.id, term)
            if dry_run:
                rows = self.counts(owner.id, contact_id)
                self.stdout.write(json.dumps({"contact": str(contact_id), "would_erase": rows}))
                return
            erasure = orders.order(owner.id, contact_id, by=BY)
            self.note(Action.ORDER, Contact, [(owner.id, [contact_id])])
        self.stderr.write(f"Erasing contact {contact_id} ...")
        erasure = erase(erasure.id)
        self.tell(erasure)

    def contact_id(self, tenant_id: UUID, term: str) -> UUID:
        """Return whom the term means; also the id of a contact that is gone already."""
        try:
            return contact_meant(tenant_id, term)
        except NotOne as refusal:
            erased = orders.erased_before(tenant_id, term)
            if erased is None:
                raise CommandError(str(refusal)) from None
            return erased

    def counts(self, tenant_id: UUID, contact_id: UUID) -> dict[str, int]:
        try:
            return orders.counts_of(subject_of(tenant_id, contact_id))
        except Contact.DoesNotExist:  # erased already
            return {}

    def tell(self, erasure: Erasure) -> None:
        for table, rows in sorted(erasure.counts.items()):
            self.stderr.write(f"{rows} {table}")
        if erasure.waits_for:
            waits_for = erasure.get_waits_for_display()
            self.stderr.write(f"It waits for {waits_for}; the jobs process goes on with it.")
        told = {"erasure": str(erasure.id), "status": erasure.status, "rows": erasure.counts}
        self.stdout.write(json.dumps(told))
