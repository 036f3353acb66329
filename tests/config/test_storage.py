"""Files in an S3-compatible bucket, by the project's own settings, over HTTP against a server that speaks S3."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import boto3
import pytest
from django.core.files import File
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

from config.development_database import PROJECT
from messaging import media
from messaging.files import attachment
from tests.processes import environment

BUCKET = "files-of-the-tests"
CONTENT = bytes(range(256)) * 1000


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The server's address; there is one bucket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    client(address).create_bucket(Bucket=BUCKET)
    yield address
    server.stop()


def client(address: str) -> Any:
    keys = {"aws_access_key_id": "tests", "aws_secret_access_key": "tests"}
    return boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys)


def storages(**variables: str) -> dict[str, Any]:
    """STORAGES as a process with these variables has it."""
    program = "import json; from config import settings; print(json.dumps(settings.STORAGES))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=PROJECT, env=environment("nowhere", **variables), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture
def in_s3(s3: str, settings: Any) -> str:
    settings.STORAGES = storages(
        MEDIA_S3_BUCKET=BUCKET,
        MEDIA_S3_ENDPOINT=s3,
        MEDIA_S3_REGION="us-east-1",
        MEDIA_S3_ACCESS_KEY="tests",
        MEDIA_S3_SECRET_KEY="tests",
    )
    return s3


def keys(address: str) -> list[str]:
    return [each["Key"] for each in client(address).list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_without_a_bucket_files_are_in_a_folder_that_nobody_else_reads():
    assert storages(MEDIA_ROOT="/srv/files")["default"] == {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": "/srv/files", "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    }


def test_what_is_stored_in_the_bucket_is_read_back_replaced_and_deleted(in_s3):
    name = default_storage.save("tenant/2026/11/26/file", File(BytesIO(CONTENT)))
    with default_storage.open(name) as file:
        assert (name, file.read(), keys(in_s3)) == ("tenant/2026/11/26/file", CONTENT, ["tenant/2026/11/26/file"])

    default_storage.delete(name)
    assert (default_storage.exists(name), keys(in_s3)) == (False, [])
    with pytest.raises(FileNotFoundError):
        default_storage.open(name)


def test_the_objects_are_private(in_s3):
    default_storage.save("private", File(BytesIO(b"x")))
    grants = client(in_s3).get_object_acl(Bucket=BUCKET, Key="private")["Grants"]
    default_storage.delete("private")

    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]


def test_a_file_that_is_to_be_sent_is_kept_there_under_ids_alone_and_comes_again_as_a_download(in_s3, acme):
    kept = media.put(acme.id, BytesIO(CONTENT), kind="document", mime_type="application/pdf", filename="../x.pdf")
    assert keys(in_s3) == [f"{acme.id}/{kept.created_at:%Y/%m/%d}/{kept.id}"]

    answer = attachment(kept)
    assert (b"".join(answer.streaming_content), answer["Content-Disposition"]) == (CONTENT, 'attachment; filename="_x.pdf"')
    answer.close()
    default_storage.delete(kept.file.name)
