"""A server that speaks S3, with one bucket, and the project's own settings of it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "files-of-the-tests"


@contextmanager
def serving() -> Iterator[str]:
    """The server's address; there is one bucket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    client(address).create_bucket(Bucket=BUCKET)
    try:
        yield address
    finally:
        empty(address)
        server.stop()


def empty(address: str) -> None:
    """Leave nothing to the next server: those of one process share what they keep."""
    s3 = client(address)
    for each in s3.list_object_versions(Bucket=BUCKET).get("Versions", []):
        s3.delete_object(Bucket=BUCKET, Key=each["Key"], VersionId=each["VersionId"])
    for each in s3.list_object_versions(Bucket=BUCKET).get("DeleteMarkers", []):
        s3.delete_object(Bucket=BUCKET, Key=each["Key"], VersionId=each["VersionId"])
    suspended = {"Status": "Suspended"}
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=suspended)


def client(address: str) -> Any:
    keys = {"aws_access_key_id": "tests", "aws_secret_access_key": "tests"}
    return boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys)


def use(address: str, settings: Any) -> None:
    """Files are in the bucket from now on."""
    given = {
        "bucket_name": BUCKET,
        "endpoint_url": address,
        "region_name": "us-east-1",
        "access_key": "tests",
        "secret_key": "tests",
    }
    in_bucket = {**settings.FILES_IN_S3, "OPTIONS": {**settings.FILES_IN_S3["OPTIONS"], **given}}
    settings.STORAGES = {**settings.STORAGES, "default": in_bucket}


def keys(address: str) -> list[str]:
    return [
        each["Key"] for each in client(address).list_objects_v2(Bucket=BUCKET).get("Contents", [])
    ]
