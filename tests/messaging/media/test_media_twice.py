"""One file, fetched by two tasks at once: as when somebody orders it again while it is on its
way.
"""

import threading
import time
from collections.abc import Callable

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connections

from messaging.media import transfer
from messaging.models.media import path_of
from tests.support.photos import PHOTO, files_of, on_disk, the_file

pytestmark = pytest.mark.whatsapp

NO_SPACE = OSError(28, "No space left on device")


@pytest.fixture
def meanwhile(
    acme, acme_whatsapp, photo, sends_photo, jobs
) -> Callable[[Callable[[], None]], None]:
    """A slow try is on its way while `what` happens."""
    sends_photo()

    def meanwhile(what: Callable[[], None]) -> None:
        photo.steps.append({"delay": 1})
        slow = threading.Thread(target=fetch_alone, args=(acme.id, the_file().id))
        slow.start()
        while not photo.fetched_with:
            time.sleep(0.01)
        what()
        slow.join()

    return meanwhile


def fetch_alone(*ids: object) -> None:
    try:
        transfer.fetch(*ids)
    except transfer.TryAgain:
        pass
    finally:
        connections.close_all()


def test_a_slow_try_that_fails_takes_nothing_away_from_the_quick_one(
    acme, meanwhile, tmp_path, monkeypatch
):
    def quick() -> None:
        transfer.fetch(acme.id, the_file().id)
        monkeypatch.setattr(FileSystemStorage, "_save", full)

    def full(*_: object) -> str:
        raise NO_SPACE

    meanwhile(quick)

    assert (files_of(acme), on_disk(tmp_path)) == ([("stored", "")], {the_file().file.name: PHOTO})


def test_of_two_that_succeed_one_file_is_left(acme, meanwhile, tmp_path):
    meanwhile(lambda: transfer.fetch(acme.id, the_file().id))

    assert (files_of(acme), on_disk(tmp_path)) == ([("stored", "")], {the_file().file.name: PHOTO})


def test_what_an_interrupted_try_left_goes(acme, acme_whatsapp, photo, sends_photo, jobs, tmp_path):
    sends_photo()
    left = tmp_path / path_of(the_file(), "")
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a ph")
    jobs()

    assert (files_of(acme), on_disk(tmp_path)) == ([("stored", "")], {the_file().file.name: PHOTO})
