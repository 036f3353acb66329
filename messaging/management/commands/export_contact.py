import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from messaging.models import Contact
from messaging.privacy import export
from messaging.privacy.meant import NotOne, contact_meant
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
                document, files = export.document_of(owner, subject), export.stored_files(subject)
                self.note(Action.EXPORT, Contact, [(owner.id, [contact_id])])
            with to.open("xb") as file:
                to.chmod(0o600)
                export.write(file, document, files)
        except NotOne as refusal:
            raise CommandError(str(refusal)) from None
        except FileExistsError:
            raise CommandError(f"{to} is there already. Name a new file.") from None
        except OSError as error:
            raise CommandError(f"{to} cannot be written: {error.strerror}.") from None
        counts = {table: len(rows) for table, rows in document["tables"].items() if rows}
        told = {"contact": document["contact"], "rows": counts, "files": len(files)}
        self.stdout.write(json.dumps(told))
