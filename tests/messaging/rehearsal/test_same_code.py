"""The same code records the same rows once more, whatever came: nothing differs, and the copy stays
as it is.
"""

import pytest

from tests.support.restored import databases, rows_of_all

pytestmark = pytest.mark.whatsapp

BODIES = 100  # mixed ones of the day before, twice as many of the day
SEEN = {
    *("messages", "replies", "statuses", "sent messages", "contacts", "changes of contacts"),
    "places of messages",
    *("owners of threads", "words about owners", "items set aside", "channel events"),
}


def test_two_days_of_everything_are_recorded_as_they_were(days, restore, rehearse):
    since = days.record(BODIES)
    copy = restore()
    before = rows_of_all(copy)

    first, again = rehearse(since), rehearse(since)

    assert (first.code, first.differing, first.errors) == (0, {}, first.errors)
    assert {each["subject"] for each in first.report["subjects"]} == SEEN
    assert again.report == first.report
    assert rows_of_all(copy) == before
    assert {name for name in databases() if name.endswith("_rehearsal")} == set()
