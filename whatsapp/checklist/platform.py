"""What stands under it: database, processes, files, numbers and keys."""

from django.core import checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from uuid_utils.compat import uuid7

from channels_app.lifecycle.rotation import sealed_under_older_keys
from channels_app.models import Channel
from tenants.scope import operator_scope
from whatsapp.checklist.not_ready import NotReady
from whatsapp.onboarding.channels import KIND

SIGN_SECONDS = 30  # Procrastinate's processes give one every ten
JOBS = (
    "SELECT count(*) FROM jobs.procrastinate_workers WHERE last_heartbeat > now() -"
    " make_interval(secs => %s)"
)
CONTENT = b"written by whatsapp_checklist"


def passes_its_checks() -> str:
    faults = [each for each in checks.run_checks() if each.is_serious()]
    if faults:
        raise NotReady(
            f"{faults[0].msg.rstrip('.')}. {faults[0].hint or 'manage.py check says it all.'}"
        )
    return ""


def is_migrated() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise NotReady(
            f"{len(missing)} migrations are not applied, {missing[0][0]} first: run manage.py"
            " prepare_database."
        )
    return ""


def has_a_jobs_process() -> str:
    with operator_scope(), connection.cursor() as cursor:
        cursor.execute(JOBS, [SIGN_SECONDS])
        (alive,) = cursor.fetchone()
    if not alive:
        raise NotReady(
            f"No jobs process gave a sign of life for {SIGN_SECONDS} seconds: start one (manage.py"
            " jobs)."
        )
    return f"{alive} alive"


def keeps_files() -> str:
    try:
        name = default_storage.save(f"checklist/{uuid7()}", ContentFile(CONTENT))
        try:
            with default_storage.open(name) as file:
                is_kept = file.read() == CONTENT
        finally:
            default_storage.delete(name)
    except Exception as error:  # a backend's own, whichever it is
        kind = type(error).__name__
        raise NotReady(
            f"No file could be written, read and deleted ({kind}): see to MEDIA_ROOT, or"
            " MEDIA_S3_*."
        ) from None
    if not is_kept:
        raise NotReady(
            "A file was read back otherwise than it was written: what stands behind MEDIA_S3_*"
            " changes files."
        )
    return ""


def has_numbers() -> str:
    with operator_scope():
        counted = (
            Channel.objects.filter(kind=KIND, is_test=False)
            .values_list("status")
            .annotate(Count("id"))
            .order_by("status")
        )
        found = dict(counted)
    broken = {
        status: found[status]
        for status in (Channel.Status.NEEDS_REAUTH, Channel.Status.RESTRICTED)
        if status in found
    }
    if broken:
        told = ", ".join(
            f"{number} {Channel.Status(status).label}" for status, number in broken.items()
        )
        raise NotReady(
            f"{told}: each channel's page in /admin/ says why, and docs/operations.md what to do."
        )
    if Channel.Status.LIVE not in found:
        raise NotReady("None is live yet: connect the first one at /connect/whatsapp/.")
    return f"{found[Channel.Status.LIVE]} live"


def has_shared_numbers() -> bool:
    """Whether a number of ours is known to have other responders, too."""
    with operator_scope():
        ours = Channel.objects.filter(kind=KIND, is_test=False, status__in=Channel.ROUTABLE)
        return ours.exclude(shared_at=None).exists()


def is_sealed_anew() -> str:
    older = sealed_under_older_keys()
    if older:
        raise NotReady(
            f"{older} are sealed under another key than the first: run manage.py"
            " rotate_encryption_keys."
        )
    return ""
