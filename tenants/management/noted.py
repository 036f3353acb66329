"""Commands that change or show what is tenants' or people's: each stands in the audit log, by the
operating system's user.
"""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Model

from tenants import audit
from tenants.audit import Action
from tenants.scope import operator_scope


class Noted(BaseCommand):
    """A command that notes what it did, in the transaction that does it. One that succeeds and has
    noted nothing is noted by its name alone.
    """

    is_noted = False

    def note(
        self,
        action: Action,
        kind: type[Model] | None = None,
        owned: Iterable[audit.Owned] = (),
        **detail: Any,
    ) -> None:
        """Add to the audit log, as `audit.record` does, within the caller's scope."""
        name = type(self).__module__.rpartition(".")[2]
        audit.record(None, action, kind, owned, command=name, **detail)
        self.is_noted = True

    def note_rows(self, action: Action, *rows: Model, **detail: Any) -> None:
        """Note rows, all of one kind."""
        self.note(action, type(rows[0]), audit.of_rows(rows), **detail)

    def execute(self, *args: Any, **options: Any) -> str | None:
        said = super().execute(*args, **options)
        if not self.is_noted:
            with operator_scope():
                self.note(Action.ORDER)
        return said
