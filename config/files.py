"""Storage of files: a folder on this machine, or an S3 bucket from the environment."""

import re
from typing import Any

from botocore.config import Config

from config.addresses import NO_ADDRESS, address
from config.environment import faults, optional

NAME = re.compile(r"[A-Za-z0-9._-]{1,255}|arn:\S+")
IN_MEMORY = 1024 * 1024  # bytes of an object that is read; a larger one is on disk meanwhile
OPTIONS = {
    "bucket_name": "MEDIA_S3_BUCKET",
    "endpoint_url": "MEDIA_S3_ENDPOINT",
    "region_name": "MEDIA_S3_REGION",
    "access_key": "MEDIA_S3_ACCESS_KEY",
    "secret_key": "MEDIA_S3_SECRET_KEY",
}


def bucket() -> dict[str, str | None]:
    """Return the options of django-storages. An option is None if its variable is not set; all are
    None if files are stored on this machine.
    """
    options = {option: optional(name) or None for option, name in OPTIONS.items()}
    others = [
        OPTIONS[option] for option, value in options.items() if value and option != "bucket_name"
    ]
    if others and not options["bucket_name"]:
        verb = (
            "is: name the bucket, or take it out"
            if len(others) == 1
            else "are: name the bucket, or take them out"
        )
        faults.append(f"MEDIA_S3_BUCKET is not set, but {', '.join(others)} {verb}.")
    if options["bucket_name"] and not NAME.fullmatch(options["bucket_name"]):
        faults.append(
            "MEDIA_S3_BUCKET is not the name of a bucket: write the name alone, without s3:// or a"
            " path."
        )
    if options["endpoint_url"] and address(options["endpoint_url"]) is NO_ADDRESS:
        faults.append("MEDIA_S3_ENDPOINT is not an address: write https://HOST.")
    if bool(options["access_key"]) != bool(options["secret_key"]):
        faults.append(
            "MEDIA_S3_ACCESS_KEY and MEDIA_S3_SECRET_KEY belong together: set both of them, or"
            " none."
        )
    return options


def on_disk(folder: str) -> dict[str, Any]:
    """Return the STORAGES entry of a folder that no other user of this machine may read."""
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": folder,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def in_s3(bucket: dict[str, str | None]) -> dict[str, Any]:
    """Return the STORAGES entry of a private bucket."""
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            **bucket,
            "max_memory_size": IN_MEMORY,
            "default_acl": None,  # a bucket with ACLs disabled rejects any ACL
            "client_config": Config(  # services other than Amazon's reject newer checksums
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                connect_timeout=5,  # an unreachable bucket must not block a process for minutes
                read_timeout=20,
                retries={"total_max_attempts": 3},
            ),
        },
    }
