"""Each fault of docs/troubleshooting.md is provoked once, and found by following the page."""

import pytest

from tests.documents.faults import FAULTS, until, write
from tests.documents.installation import Installation
from tests.documents.lists import go_down, lists

pytestmark = pytest.mark.whatsapp

LISTS = lists()
PLACES = {
    meaning: (heading, step.title)
    for heading, steps in LISTS.items()
    for step in steps
    for meaning in step.faults
}
DELIVERED = "SELECT count(*) FROM messaging.messages WHERE status = 'delivered'"


@pytest.fixture
def healthy(installation: Installation) -> Installation:
    """Everything is well, and nobody has written yet."""
    installation.forget_messages()
    installation.meta.script.clear()
    installation.begin_logs_anew()
    return installation


def test_every_fault_of_the_page_is_provoked():
    assert (sorted(PLACES), len(PLACES) > 15) == (sorted(FAULTS), True)


@pytest.mark.parametrize("heading", LISTS)
def test_where_all_is_well_every_step_prints_what_is_right(heading, healthy):
    write(healthy)
    until(healthy, DELIVERED)

    assert go_down(LISTS[heading], healthy.reader) is None


@pytest.mark.parametrize("meaning", FAULTS)
def test_a_fault_is_found_by_following_the_page(meaning, healthy):
    heading, title = PLACES[meaning]
    with FAULTS[meaning](healthy):
        found = go_down(LISTS[heading], healthy.reader)

    assert found is not None
    assert found[:2] == (title, [meaning]), found[2]
