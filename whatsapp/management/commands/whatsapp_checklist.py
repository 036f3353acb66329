from typing import Any

from django.core.management.base import BaseCommand, CommandError

from whatsapp.checklist import items


class Command(BaseCommand):
    help = (
        "Checks all that must be so before businesses are connected: a line for each item: ok, FAIL"
        " with what to do, by hand with where to look, n/a on a development copy where Meta is the"
        " stand-in. It asks PUBLIC_URL and Meta. Exit code 1 if anything failed. Example: manage.py"
        " whatsapp_checklist"
    )
    requires_system_checks: list[str] = []  # type: ignore[assignment]  # they are one of the items

    def handle(self, *args: Any, **options: Any) -> None:
        marks = []
        for found in items.gone_through():
            self.stdout.write(str(found))
            marks.append(found.mark)
        failed = marks.count(items.FAIL)
        if failed:
            raise CommandError(f"{failed} of {failed + marks.count(items.OK)} checks failed.")
