"""A storage that something else happens beside, at the moment that it deletes a file."""

from collections.abc import Callable
from typing import Any

from django.core.files.storage import FileSystemStorage


class Deleting(FileSystemStorage):
    """`first` is done once, right before the first file is deleted."""

    def __init__(self, *, first: Callable[[], object], **options: Any) -> None:
        super().__init__(**options)
        self.waiting = [first]

    def delete(self, name: str) -> None:
        while self.waiting:
            self.waiting.pop()()
        super().delete(name)


def meanwhile(settings: Any, first: Callable[[], object]) -> None:
    """From now on the project's files are in this storage, in the folder that they are in."""
    options = {**settings.STORAGES["default"]["OPTIONS"], "first": first}
    backend = {"BACKEND": f"{__name__}.{Deleting.__name__}", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
