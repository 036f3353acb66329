"""Files in an S3-compatible bucket, by the project's own settings, over HTTP against a server that
speaks S3.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files import File
from django.core.files.storage import default_storage

from config.development_database import PROJECT
from config.files import bucket
from messaging.media import transfer
from messaging.media.responses import attachment
from tests.support.processes import environment
from tests.support.s3 import BUCKET, client, keys, serving, use

CONTENT = bytes(range(256)) * 1000
TOGETHER = "MEDIA_S3_ACCESS_KEY and MEDIA_S3_SECRET_KEY belong together: set both of them, or none."
NO_BUCKET = (
    "MEDIA_S3_BUCKET is not the name of a bucket: write the name alone, without s3:// or a path."
)
NO_ENDPOINT = "MEDIA_S3_ENDPOINT is not an address: write https://HOST."


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with serving() as address:
        yield address


def default(**variables: str) -> dict[str, Any]:
    """The default of STORAGES as a process with these variables has it."""
    shown = "json.dumps(settings.STORAGES['default'], default=lambda value: type(value).__name__)"
    command = [sys.executable, "-c", f"import json; from config import settings; print({shown})"]
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env=environment("nowhere", **variables),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture
def in_s3(s3: str, settings: Any) -> str:
    """The project's own settings of a bucket, and which."""
    use(s3, settings)
    return s3


def test_without_a_bucket_files_are_in_a_folder_that_nobody_else_reads():
    assert default(MEDIA_ROOT="/srv/files") == {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": "/srv/files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def test_with_a_bucket_they_are_there_by_the_keys_of_the_environment():
    given = default(
        MEDIA_S3_BUCKET="files",
        MEDIA_S3_ENDPOINT="https://s3.example",
        MEDIA_S3_REGION="eu-north-1",
        MEDIA_S3_ACCESS_KEY="key",
        MEDIA_S3_SECRET_KEY="secret",
    )
    assert given == {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": "files",
            "endpoint_url": "https://s3.example",
            "region_name": "eu-north-1",
            "access_key": "key",
            "secret_key": "secret",
            "max_memory_size": 1024 * 1024,
            "default_acl": None,
            "client_config": "Config",
        },
    }


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"MEDIA_S3_REGION": "eu-north-1", "MEDIA_S3_ENDPOINT": "https://s3.example"},
            (
                "MEDIA_S3_BUCKET is not set, but MEDIA_S3_ENDPOINT, MEDIA_S3_REGION are: name the"
                " bucket, or take them out."
            ),
        ),
        (
            {
                "MEDIA_S3_BUCKET": " ",
                "MEDIA_S3_ACCESS_KEY": "canary",
                "MEDIA_S3_SECRET_KEY": "canary",
            },
            (
                "MEDIA_S3_BUCKET is not set, but MEDIA_S3_ACCESS_KEY, MEDIA_S3_SECRET_KEY are: name"
                " the bucket, or take them out."
            ),
        ),
        ({"MEDIA_S3_BUCKET": "files", "MEDIA_S3_ACCESS_KEY": "canary"}, TOGETHER),
        ({"MEDIA_S3_BUCKET": "files", "MEDIA_S3_SECRET_KEY": "canary"}, TOGETHER),
        ({"MEDIA_S3_BUCKET": "s3://files"}, NO_BUCKET),
        ({"MEDIA_S3_BUCKET": "files/of/acme"}, NO_BUCKET),
        ({"MEDIA_S3_BUCKET": "files of acme"}, NO_BUCKET),
        ({"MEDIA_S3_BUCKET": "files", "MEDIA_S3_ENDPOINT": "s3.example"}, NO_ENDPOINT),
        ({"MEDIA_S3_BUCKET": "files", "MEDIA_S3_ENDPOINT": "https://"}, NO_ENDPOINT),
    ],
)
def test_a_bucket_that_is_set_by_half_is_refused(read, variables, sentence):
    assert read(bucket, **variables)[1] == [sentence]


def test_a_bucket_by_its_name_alone_takes_its_keys_from_the_machines_role(read):
    none = {"endpoint_url": None, "region_name": None, "access_key": None, "secret_key": None}
    assert read(bucket, MEDIA_S3_BUCKET=" 'files'") == ({"bucket_name": "files", **none}, [])
    assert read(bucket, MEDIA_S3_BUCKET="") == ({"bucket_name": None, **none}, [])


def test_what_is_stored_in_the_bucket_is_read_back_replaced_and_deleted(in_s3):
    name = default_storage.save("tenant/2026/11/26/file", File(BytesIO(CONTENT)))
    with default_storage.open(name) as file:
        assert (name, file.read(), keys(in_s3)) == (
            "tenant/2026/11/26/file",
            CONTENT,
            ["tenant/2026/11/26/file"],
        )

    default_storage.delete(name)
    assert (default_storage.exists(name), keys(in_s3)) == (False, [])
    with pytest.raises(FileNotFoundError):
        default_storage.open(name)


def test_an_object_is_private_and_comes_without_what_other_servers_than_amazons_refuse(in_s3):
    default_storage.save("private", File(BytesIO(b"x")))
    grants = client(in_s3).get_object_acl(Bucket=BUCKET, Key="private")["Grants"]
    told = client(in_s3).head_object(Bucket=BUCKET, Key="private", ChecksumMode="ENABLED")
    default_storage.delete("private")

    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]
    assert [name for name in told if name.startswith("Checksum")] == []


def test_a_file_that_is_to_be_sent_is_kept_there_under_ids_alone_and_comes_again_as_a_download(
    in_s3, acme
):
    kept = transfer.put(
        acme.id, BytesIO(CONTENT), kind="document", mime_type="application/pdf", filename="../x.pdf"
    )
    assert keys(in_s3) == [f"{acme.id}/{kept.created_at:%Y/%m/%d}/{kept.id}"]

    answer = attachment(kept)
    assert (b"".join(answer.streaming_content), answer["Content-Disposition"]) == (
        CONTENT,
        'attachment; filename="_x.pdf"',
    )
    answer.close()
    default_storage.delete(kept.file.name)
