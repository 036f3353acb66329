"""Exports and erasures where files are in a bucket, over HTTP against a server that speaks S3."""

import json
import zipfile

import pytest

from messaging.models import Contact, Media
from tenants.scope import operator_scope
from tests.support.cast import GRACE
from tests.support.commands import command
from tests.support.dump import dump, holding
from tests.support.photos import PHOTO
from tests.support.s3 import BUCKET, client, keys, serving, use
from tests.support.whatsapp import bodies
from tests.support.whatsapp.ada_everywhere import ADA, ADAS, of_ada

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def bucket(jobs, settings):
    """The server's address; the project's files are in its bucket."""
    with serving() as address:
        use(address, settings)
        yield address


@pytest.fixture
def ada(bucket, acme_whatsapp, batch, work, jobs, graph, photo):
    """Ada and Grace have sent a photo each."""
    image = {"type": "image", "image": {"id": "7"}}
    batch(of_ada(wamid="wamid.ada.1") | image, bodies.text("Hi", sender=GRACE) | image)
    work()
    jobs()
    with operator_scope():
        return Contact.objects.get(identities__value=ADA).id


def test_a_file_in_a_bucket_is_in_the_export(ada, tmp_path):
    command("export_contact", "--tenant", "acme", ADA, "--to", str(tmp_path / "ada.zip"))
    archive = zipfile.ZipFile(tmp_path / "ada.zip")
    (file,) = json.loads(archive.read("contact.json"))["files"]

    assert archive.read(file["name"]) == PHOTO


def test_an_erasure_deletes_the_persons_objects_alone(ada, bucket, erased, db_rows):
    with operator_scope():
        theirs = Media.objects.get(messages__conversation__contact=ada).file.name
    before = set(keys(bucket))
    finished = erased(ada)

    assert (finished.status, before - set(keys(bucket))) == ("finished", {theirs})
    assert holding(dump(db_rows), *ADAS) == {}


def test_a_bucket_with_versions_keeps_the_old_ones_until_its_own_rules_delete_them(
    bucket, request, erased
):
    """docs/privacy.md says so: a role that may delete versions could delete backups, too."""
    versioning = {"Status": "Enabled"}
    client(bucket).put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=versioning)
    ada = request.getfixturevalue("ada")
    before = set(keys(bucket))
    erased(ada)
    (gone,) = before - set(keys(bucket))

    versions = client(bucket).list_object_versions(Bucket=BUCKET, Prefix=gone)
    assert [each["Key"] for each in versions["Versions"]] == [gone]
