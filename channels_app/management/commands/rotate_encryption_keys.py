import json
from collections import Counter
from typing import Any

from django.core.management.base import CommandError

from channels_app.lifecycle.rotation import rotate
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.scope import operator_scope


class Command(Noted):
    help = (
        "Seals every stored secret anew under the first key of ENCRYPTION_KEYS, beside the traffic;"
        " safe to interrupt and to repeat. First put the new key in front of the old one in every"
        " process, then run this; once it finds nothing more to do, the old key may go. Example:"
        " manage.py rotate_encryption_keys"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with operator_scope():
            self.note(Action.ORDER)
        done: Counter[str] = Counter()
        for done in rotate():
            self.stderr.write(f"{done['resealed']} secrets sealed anew")
        if done["unopened"]:
            raise CommandError(
                f"{done['unopened']} secrets do not open with any key of ENCRYPTION_KEYS: put the"
                " missing key back behind the first one, or reconnect their channels."
                f" {done['resealed']} were sealed anew."
            )
        self.stdout.write(
            json.dumps({"resealed": done["resealed"], "changed_meanwhile": done["changed"]})
        )
