"""What is wrong with database, processes, files, numbers and keys, told by its own sentence."""

import pytest

from channels_app.models import Channel
from tenants.scope import operator_scope

pytestmark = pytest.mark.whatsapp


def test_a_fault_of_the_systems_checks_is_told_in_its_own_words(failures, db_rows):
    db_rows.execute("ALTER TABLE messaging.contacts NO FORCE ROW LEVEL SECURITY")
    try:
        found = failures()
    finally:
        db_rows.execute("ALTER TABLE messaging.contacts FORCE ROW LEVEL SECURITY")

    assert found == {
        "manage.py check finds nothing": (
            "Row level security is not forced on 'contacts'. Run `manage.py prepare_database` "
            "with DATABASE_OWNER_URL, then use the role that it made in DATABASE_URL."
        ),
        "/health/ready has nothing else to say": (
            "/health/ready is red: role. docs/operations.md says what to do."
        ),
    }


def test_a_migration_that_is_missing_is_named(failures, db_rows):
    db_rows.execute(
        "UPDATE messaging.django_migrations SET name = 'held_back' WHERE name = '0004_names'"
    )
    try:
        found = failures()
    finally:
        db_rows.execute(
            "UPDATE messaging.django_migrations SET name = '0004_names' WHERE name = 'held_back'"
        )

    assert (
        found["The migrations are applied"]
        == "1 migrations are not applied, whatsapp.0004_names first: run manage.py"
        " prepare_database."
    )


def test_a_secret_under_an_older_key_is_counted(failures, settings):
    settings.ENCRYPTION_KEYS = {"k2": bytes(range(1, 33)), **settings.ENCRYPTION_KEYS}

    assert failures() == {
        "Every secret is sealed under the first of ENCRYPTION_KEYS": (
            "1 are sealed under another key than the first: run manage.py rotate_encryption_keys."
        )
    }


def test_files_are_written_for_real_and_nothing_stays(failures, settings, tmp_path):
    assert (failures(), [path for path in tmp_path.rglob("*") if path.is_file()]) == ({}, [])

    (tmp_path / "file").touch()
    options = {"location": str(tmp_path / "file")}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.FILES_ON_DISK, "OPTIONS": options},
    }
    assert failures() == {
        "Files are kept": (
            "No file could be written, read and deleted (NotADirectoryError): see to MEDIA_ROOT, or"
            " MEDIA_S3_*."
        )
    }


@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "UPDATE {} SET {} = now() - interval '1 minute'"]
)
def test_processes_that_gave_no_sign_of_life_are_missed(failures, db_rows, statement):
    db_rows.execute(statement.format("messaging.worker_heartbeats", "seen_at"))
    db_rows.execute(statement.format("jobs.procrastinate_workers", "last_heartbeat"))

    assert failures() == {
        "A worker is alive": (
            "No worker gave a sign of life for 30 seconds: start one (manage.py worker), and read"
            " its log."
        ),
        "A jobs process is alive": (
            "No jobs process gave a sign of life for 30 seconds: start one (manage.py jobs)."
        ),
    }


def test_numbers_that_need_repair_are_counted(failures, acme_whatsapp):
    with operator_scope():
        Channel.objects.update(status="needs_reauth")

    assert failures() == {
        "Numbers are live, and none needs repair": (
            "1 needs reconnecting: each channel's page in /admin/ says why, and "
            "docs/operations.md what to do."
        )
    }


def test_without_a_live_number_the_first_one_is_still_to_be_connected(failures):
    with operator_scope():
        Channel.objects.update(status="disconnected")

    assert failures() == {
        "Numbers are live, and none needs repair": (
            "None is live yet: connect the first one at /connect/whatsapp/."
        )
    }


def test_what_nobody_foresaw_is_told_by_its_kind_alone(failures, settings):
    settings.ENCRYPTION_KEYS = {}

    assert failures() == {
        "Every secret is sealed under the first of ENCRYPTION_KEYS": (
            "It could not be checked (RuntimeError): a fault of ours, or of what it runs on."
        )
    }


def test_a_database_that_refuses_costs_its_own_items_alone(failures, db_rows):
    db_rows.execute(
        "REVOKE SELECT (last_heartbeat) ON jobs.procrastinate_workers FROM msg_operator"
    )
    try:
        found = failures()
    finally:
        db_rows.execute(
            "GRANT SELECT (last_heartbeat) ON jobs.procrastinate_workers TO msg_operator"
        )

    assert found == {
        "A jobs process is alive": (
            "The database did not answer, or did not let us look (ProgrammingError): run manage.py "
            "check and manage.py prepare_database."
        )
    }
