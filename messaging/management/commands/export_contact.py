import json
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from messaging.models import Contact
from messaging.privacy import export
from messaging.privacy.meant import NotOne, contact_meant
from messaging.privacy.orders import counts_of
from messaging.privacy.subject import subject_of
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.management.tenants import tenant_of
from tenants.scope import operator_scope


class Command(Noted):
    help = (
        "Writes everything that is kept about a contact into a ZIP file: contact.json, and the"
        " files of their messages. Nothing of others is in it. Example: manage.py export_contact"
        ' --tenant acme "+46 70 000 00 01" --to ada.zip'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "term", metavar="ID or NUMBER", help="the contact's id, or their number, or its end"
        )
        parser.add_argument("--tenant", metavar="SLUG", required=True, help="whose contact it is")
        parser.add_argument("--to", metavar="FILE", required=True, type=Path, help="a new file")

    def handle(self, *args: Any, term: str, tenant: str, to: Path, **options: Any) -> None:
        try:
            with operator_scope():
                owner = tenant_of(tenant)
                contact_id = contact_meant(owner.id, term)
                subject = subject_of(owner.id, contact_id)
                document = export.document_of(owner, subject)
                files, counts = list(export.stored_files(subject)), counts_of(subject)
                self.note(Action.EXPORT, Contact, [(owner.id, [contact_id])])
            save(to, export.archive_of(document, files))
        except NotOne as refusal:
            raise CommandError(str(refusal)) from None
        except FileExistsError:
            raise CommandError(f"{to} is there already. Name a new file.") from None
        except OSError as error:
            raise CommandError(f"{to} cannot be written: {error.strerror}.") from None
        told = {"contact": str(subject.contact_ids[0]), "rows": counts, "files": len(files)}
        self.stdout.write(json.dumps(told))


def save(to: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file that nobody else may read; it is deleted where it does not become whole."""
    with open(to, "xb", opener=partial(os.open, mode=0o600)) as file:
        try:
            file.writelines(pieces)
        except BaseException:
            to.unlink()
            raise
