"""An export holds everything of the person and nothing of others."""

import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.base import CommandError

from messaging.models import Contact, Media
from messaging.privacy.catalogue import EXCLUDED, PARTS, REDACTED
from tenants.models import AuditEntry
from tenants.scope import operator_scope
from tests.support.back_office import press, sign_in
from tests.support.cast import GRACE
from tests.support.commands import command
from tests.support.dump import dump, holding
from tests.support.photos import PHOTO
from tests.support.watched_storage import Watched, watch
from tests.support.whatsapp.ada_everywhere import ADA, ADAS

pytestmark = pytest.mark.whatsapp

EXPORT = "Save everything that is kept about them to a file"


@pytest.fixture
def archive(story, tmp_path) -> zipfile.ZipFile:
    command("export_contact", "--tenant", "acme", ADA, "--to", str(tmp_path / "ada.zip"))
    return zipfile.ZipFile(tmp_path / "ada.zip")


@pytest.fixture
def document(archive) -> dict:
    return json.loads(archive.read("contact.json"))


def test_whatever_of_a_person_stands_in_a_table_is_in_the_export_of_that_table(document, db_rows):
    there = holding(dump(db_rows), *ADAS)
    exported = {
        f"messaging.{table}": [json.dumps(row, ensure_ascii=False) for row in rows]
        for table, rows in document["tables"].items()
    }

    told = {f"messaging.{table}" for table in REDACTED}
    expected = {table: words for table, words in there.items() if table not in told}
    assert holding(exported, *ADAS) == expected


def test_a_table_is_in_the_export_or_it_says_why_not(document):
    assert set(document["tables"]) == {part.table for part in PARTS}
    assert document["elsewhere"] == {**REDACTED, **EXCLUDED}


def test_nothing_of_others_is_in_it(document):
    assert GRACE not in json.dumps(document["tables"])


def test_the_files_are_beside_it_as_they_came(archive, document):
    (file,) = document["files"]

    assert archive.read(file["name"]) == PHOTO
    assert archive.namelist() == ["contact.json", file["name"]]


def test_the_back_office_asks_storage_for_files_outside_any_transaction(web, story, settings):
    staff = sign_in(web, is_staff=True, is_superuser=True)
    watch(settings)
    answer = press(staff, web, "messaging/contact", story, EXPORT)
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    (file,) = json.loads(archive.read("contact.json"))["files"]

    assert Watched.asked == [False]
    assert archive.read(file["name"]) == PHOTO
    with operator_scope():
        entry = AuditEntry.objects.get(action="order")
    assert (entry.object_ids, entry.detail) == ([str(story)], {"order": "export_contact"})


def test_the_command_asks_storage_outside_any_transaction_too(story, settings, tmp_path):
    watch(settings)
    command("export_contact", "--tenant", "acme", ADA, "--to", str(tmp_path / "ada.zip"))

    assert Watched.asked == [False]


def test_a_file_that_storage_lacks_is_named(story, tmp_path):
    with operator_scope():
        default_storage.delete(Media.objects.get().file.name)
    command("export_contact", "--tenant", "acme", ADA, "--to", str(tmp_path / "ada.zip"))

    archive = zipfile.ZipFile(tmp_path / "ada.zip")
    (file,) = json.loads(archive.read("contact.json"))["files"]
    assert archive.namelist() == ["contact.json", "missing.json"]
    assert json.loads(archive.read("missing.json")) == [file["name"]]


def test_an_export_that_fails_leaves_no_file(story, tmp_path):
    """A folder has the name of Ada's file."""
    with operator_scope():
        name = Media.objects.get().file.name
    default_storage.delete(name)
    default_storage.save(f"{name}/inside", ContentFile(b"x"))
    with pytest.raises(CommandError):
        command("export_contact", "--tenant", "acme", ADA, "--to", str(tmp_path / "ada.zip"))

    assert not (tmp_path / "ada.zip").exists()


def test_an_export_is_its_owners_alone(archive, tmp_path):
    assert oct((tmp_path / "ada.zip").stat().st_mode)[-3:] == "600"


def test_the_export_is_in_the_audit_log_without_a_word_of_the_person(archive, story):
    with operator_scope():
        (entry,) = AuditEntry.objects.filter(action="export")
    assert (entry.kind, entry.object_ids, entry.detail) == (
        "messaging.contact",
        [str(story)],
        {"command": "export_contact"},
    )


def test_a_dry_run_counts_and_erases_nothing(story, db_rows):
    told = command("erase_contact", "--tenant", "acme", ADA, "--dry-run")

    assert told["would_erase"]["messages"] == 10
    with operator_scope():
        assert Contact.objects.filter(id=story).exists()


def test_the_command_erases_and_says_so_again_when_it_is_repeated(story, db_rows):
    first = command("erase_contact", "--tenant", "acme", ADA)
    again = command("erase_contact", "--tenant", "acme", str(story))

    assert (first["status"], first["rows"]["contacts"], again) == ("finished", 1, first)
    assert holding(dump(db_rows), *ADAS) == {}
    with operator_scope():
        entries = AuditEntry.objects.filter(detail={"command": "erase_contact"})
        assert [entry.object_ids for entry in entries] == [[str(story)], [str(story)]]
