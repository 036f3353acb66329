"""Canaries are sent through every path, errors included; none is found where it may not be, and
what is planted is found.
"""

import pytest
import requests

from tests.chaos.canaries import of_connecting, of_messages, of_people, of_programs
from tests.chaos.canaries.copy import Copy
from tests.chaos.canaries.places import PLACES, leaks
from tests.chaos.canaries.plants import plant_everywhere
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

PATHS = (*of_messages.PATHS, *of_people.PATHS, *of_connecting.PATHS, *of_programs.PATHS)
SOON = 30


@pytest.fixture(params=["LINES", "JSON"])
def copy(request, stage, tmp_path, monkeypatch):
    """The product with this form of its log; each answer to this process is kept."""
    monkeypatch.setenv("TEST_BYTECODE", str(tmp_path / "bytecode"))
    copy, send = Copy(stage, request.param), requests.Session.send

    def kept(*arguments, **options):
        answer = send(*arguments, **options)
        copy.answers.append(answer)
        return answer

    monkeypatch.setattr(requests.Session, "send", kept)
    return copy


def test_no_canary_is_found_where_it_may_not_be_and_what_is_planted_is(copy):
    for path in PATHS:
        path(copy)
    found = list(leaks(copy))
    assert found == []

    planted = plant_everywhere(copy, copy.secrets["access token"])
    everywhere = {place.__name__ for place in PLACES}
    assert eventually(lambda: {place for place, *_ in leaks(copy)} == everywhere, SOON, pause=1)
    found = {(place, what) for place, what, name in leaks(copy) if name == "access token"}
    assert planted - found == set()
