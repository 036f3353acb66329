"""A storage that notes whether a transaction was open when it was asked for a file."""

from typing import Any, ClassVar

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.db import connection


class Watched(FileSystemStorage):
    asked: ClassVar[list[bool]] = []

    def _open(self, *arguments: Any) -> File:
        self.asked.append(connection.in_atomic_block)
        return super()._open(*arguments)


def watch(settings: Any) -> None:
    """Watch the storage of this test from now on."""
    Watched.asked.clear()
    options = settings.STORAGES["default"]["OPTIONS"]
    watched = {"BACKEND": f"{__name__}.Watched", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": watched}
