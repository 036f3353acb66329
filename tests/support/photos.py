"""The photo that Ada sends, and what has become of files: in the database, on disk and among the
tasks.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from messaging.models import Media
from tenants.models import Tenant
from tenants.scope import auth_scope, operator_scope, tenant_scope

PHOTO = b"\xff\xd8\xff\xe0 a photo of a broken cup"
HASH = hashlib.sha256(PHOTO).hexdigest()


def files_of(tenant: Tenant) -> list[tuple[str, str]]:
    """(status, error) of a tenant's files, oldest first."""
    with tenant_scope(tenant.id):
        return list(Media.objects.order_by("id").values_list("status", "error"))


def the_file() -> Media:
    with operator_scope():
        return Media.objects.get()


def on_disk(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def make_due(db_rows: Any) -> None:
    """The wait of every task that is tried again is over."""
    db_rows.execute("SET search_path = jobs")
    db_rows.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    db_rows.execute("RESET search_path")


def waits(db_rows: Any) -> list[float]:
    """For how many seconds the tasks for files wait until they are tried again."""
    query = (
        "SELECT extract(epoch FROM scheduled_at - now())::float FROM jobs.procrastinate_jobs "
        "WHERE queue_name = 'media' AND status = 'todo' AND scheduled_at IS NOT NULL"
    )
    return [seconds for (seconds,) in db_rows.execute(query).fetchall()]


def allow(*names: str) -> None:
    with auth_scope():
        get_user_model().objects.get().user_permissions.set(
            Permission.objects.filter(codename__in=names)
        )
