"""An operator finds messages in a real browser: by a number as people type it, by a message's id,
by words within a tenant, and by filters.
"""

import pytest

from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE, REPLY

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def messages(operator, acme_whatsapp, globex_whatsapp, write, work, graph) -> None:
    """Ada and Grace have written, and were answered; the list is open."""
    write("Is the blue cup in stock?", sender=ADA, wamid="wamid.of-ada")
    write("A cup of tea", sender=GRACE, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()
    operator.open("/admin/")
    operator.follow("Messages")
    assert operator.sees("A cup of tea")


def test_messages_are_found_by_number_by_id_and_by_words(operator, messages):
    assert sorted(operator.column("Text")) == sorted(
        ["Is the blue cup in stock?", "A cup of tea", REPLY, REPLY]
    )
    operator.station("41-messages")
    for typed, found in (
        ("+46 7000-0001", [REPLY, "Is the blue cup in stock?"]),
        ("wamid.of-ada", ["Is the blue cup in stock?"]),
        ("globex cup", ["A cup of tea"]),
    ):
        operator.search(typed)
        assert operator.column("Text") == found
    operator.station("42-found")


def test_messages_are_filtered_and_a_search_may_find_nothing(operator, messages):
    operator.follow("Outbound")
    assert operator.sees("Clear all filters")
    assert operator.column("Text") == [REPLY, REPLY]
    operator.search("+1 555 nobody")
    assert operator.column("Text") == []
    operator.station("43-nothing-found")
