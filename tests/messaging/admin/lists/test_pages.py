"""Pages of a list: each row once and in order, forward and back, whatever others have the same
value or none; and what is no page of it.
"""

from datetime import UTC, datetime, timedelta
from itertools import chain
from urllib.parse import parse_qs, quote

import pytest
from django.contrib import admin
from django.core import signing

from messaging.models import Alert
from tenants.api import cursors
from tenants.scope import operator_scope
from tests.support.lists import FIRST, NEWER, NO_PAGE, OLDER, id_of, numbers, page, walk

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("short_pages")]

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
MESSAGES = "messaging/message"


@pytest.fixture
def alerts(db_rows):
    """Eleven alerts; of three each the same moment of their end, and four that are not over."""
    with operator_scope():
        Alert.objects.bulk_create(
            Alert(
                id=id_of(n),
                kind=f"kind {n}",
                said="said",
                step="step",
                began_at=BEGAN + timedelta(hours=n % 2),
                seen_at=BEGAN,
                over_at=None if n % 3 == 0 else BEGAN + timedelta(days=n // 4),
                told_at=None if n < 6 else BEGAN,
            )
            for n in range(1, 12)
        )


def by(column, *, descending, nulls_first):
    """The numbers of the alerts in the order of a column; where it is the same, as the list has
    them: those that are not over first, then the last that ended, then the newest.
    """

    def place(value, *, descending, nulls_first):
        seconds = value.timestamp() if value else 0
        return (value is None) != nulls_first, -seconds if descending else seconds

    def places(alert):
        return (
            place(getattr(alert, column), descending=descending, nulls_first=nulls_first),
            place(alert.over_at, descending=True, nulls_first=True),
            -alert.id.int,
        )

    with operator_scope():
        return numbers([str(alert.id) for alert in sorted(Alert.objects.all(), key=places)])


ORDERS = {
    "as it is": ("", "over_at", True, True),
    "began, oldest first": ("?o=0", "began_at", False, False),
    "began, newest first": ("?o=-0", "began_at", True, True),
    "told, oldest first": ("?o=3", "told_at", False, False),
    "told, newest first": ("?o=-3", "told_at", True, True),
    "over, oldest first": ("?o=4", "over_at", False, False),
    "over, newest first": ("?o=-4", "over_at", True, True),
}


@pytest.mark.parametrize("order", ORDERS)
def test_each_row_is_shown_once_in_order_forward_and_back(alerts, root, order):
    query, column, descending, nulls_first = ORDERS[order]
    wanted = by(column, descending=descending, nulls_first=nulls_first)
    words = ("Previous page", "Next page") if query else (NEWER, OLDER)
    back_word, onward_word = words

    def ask(address):
        return page(root, "messaging/alert", address)

    forward = list(walk(ask, query, onward_word))
    back = list(walk(ask, forward[-1].address, back_word))

    assert [numbers(each.rows) for each in forward] == [
        wanted[:3],
        wanted[3:6],
        wanted[6:9],
        wanted[9:],
    ]
    assert [each.rows for each in back] == [
        forward[3].rows,
        forward[2].rows,
        forward[1].rows,
        forward[0].rows,
    ]
    assert [list(each.links) for each in forward] == [
        [onward_word],
        [FIRST, back_word, onward_word],
        [FIRST, back_word, onward_word],
        [FIRST, back_word],
    ]


def test_every_column_that_sorts_a_list_is_a_column_of_it():
    strangers = {
        model.__name__: set(shown.sortable_by or ()) - set(shown.list_display)
        for model, shown in admin.site._registry.items()
    }
    assert {name: columns for name, columns in strangers.items() if columns} == {}


def test_a_list_of_one_page_has_no_links(people, root):
    people(1, 3)
    assert page(root, "messaging/message").links == {}


def test_a_list_that_ends_with_a_full_page_has_no_empty_one(people, root):
    people(1, 6)
    pages = list(walk(lambda address: page(root, "messaging/contact", address), "", OLDER))
    assert [numbers(each.rows) for each in pages] == [[6, 5, 4], [3, 2, 1]]


def test_rows_that_come_meanwhile_move_nothing_on_the_next_page(people, root):
    people(1, 6)
    first = page(root, "messaging/message")
    people(7, 9)
    second = page(root, "messaging/message", first.links[OLDER])
    back = page(root, "messaging/message", second.links[NEWER])

    assert [numbers(each.rows) for each in (first, second, back)] == [
        [6, 5, 4],
        [3, 2, 1],
        [6, 5, 4],
    ]
    newest = page(root, "messaging/message", back.links[NEWER])
    assert numbers(newest.rows) == [9, 8, 7]


def test_going_back_ends_with_a_full_first_page(people, root):
    people(1, 6)
    first = page(root, "messaging/message")
    second = page(root, "messaging/message", first.links[OLDER])
    people(7, 7)
    back = page(root, "messaging/message", second.links[NEWER])
    newest = page(root, "messaging/message", back.links[NEWER])

    assert [numbers(back.rows), numbers(newest.rows)] == [[6, 5, 4], [7, 6, 5]]
    assert list(newest.links) == [OLDER]


def test_the_last_page_can_be_asked_for(people, root):
    people(1, 7)
    last = page(root, "messaging/message", "?p=newer")

    assert (numbers(last.rows), list(last.links)) == ([3, 2, 1], [FIRST, NEWER])


def test_conversations_that_were_written_in_at_one_moment_are_shown_once_each(
    people, root, db_rows
):
    people(1, 8)
    db_rows.execute("UPDATE messaging.conversations SET last_message_at = now()")

    def ask(address):
        return page(root, "messaging/conversation", address)

    forward = list(walk(ask, "", OLDER))
    back = list(walk(ask, forward[-1].address, NEWER))

    assert numbers(list(chain(*(each.rows for each in forward)))) == [8, 7, 6, 5, 4, 3, 2, 1]
    assert [each.rows for each in back] == [each.rows for each in reversed(forward)]


def cursor_in(address: str) -> str:
    return parse_qs(address.lstrip("?"))["p"][0]


HOSTILE = {
    "a number": "2",
    "a negative number": "-1",
    "a word": "nonsense",
    "a direction alone": "older",
    "another direction": "sideways.x",
    "nothing behind the direction": "older.",
    "NUL": "older.\0",
    "quotation marks and brackets": "older.'\"); --",
    "letters of another alphabet": "older.م\N{GRINNING FACE}",
    "bytes that are no UTF-8": "older.%ff%fe",
    "half a pair": "older.%ed%a0%80",
    "huge": "older." + "A" * 60_000,
    "huge number": "9" * 5000,
    "signed by somebody else": signing.dumps(["key", ["1"]], key="another", salt=cursors.SALT),
    "signed for something else": "older." + signing.dumps(["key", ["1"]]),
    "signed for another list": "older." + cursors.cursor_of(["1"], "another list"),
    "signed, and of no list": "older." + signing.dumps({"a": 1}, salt=cursors.SALT),
}


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("kind", ["message", "conversation", "contact"])
def test_what_is_no_cursor_is_said_and_leads_to_the_first_page(people, root, hostile, kind):
    people(1, 5)
    word = HOSTILE[hostile]
    shown = page(root, f"messaging/{kind}", f"?p={word if '%' in word else quote(word)}")

    assert (numbers(shown.rows), NO_PAGE in shown.text, list(shown.links)) == (
        [5, 4, 3],
        True,
        [OLDER],
    )


def test_a_cursor_of_another_list_order_direction_or_filter_leads_to_the_first_page(people, root):
    people(1, 5)
    contacts = cursor_in(page(root, "messaging/contact").links[OLDER])
    filtered = cursor_in(page(root, MESSAGES, tenant="acme").links[OLDER])
    messages = cursor_in(page(root, MESSAGES).links[OLDER])
    cases = {
        "another list": f"?p={contacts}",
        "another direction": f"?p={messages.replace('older', 'newer')}",
        "another filter": f"?p={filtered}",
        "filtered now": f"?tenant=acme&p={messages}",
        "a changed letter": f"?p={messages[:-1]}{'A' if messages[-1] != 'A' else 'B'}",
        "a cut": f"?p={messages[:-5]}",
    }
    shown = {name: page(root, MESSAGES, query) for name, query in cases.items()}

    assert {name: (numbers(each.rows), NO_PAGE in each.text) for name, each in shown.items()} == {
        name: ([5, 4, 3], True) for name in cases
    }
    right = page(root, MESSAGES, f"?p={messages}")
    assert (numbers(right.rows), NO_PAGE in right.text) == ([2, 1], False)


def test_an_action_on_a_page_that_is_none_says_so_once(people, root):
    people(1, 5)
    address = "/admin/messaging/contact/?p=nonsense"
    chosen = {"action": "unblock", "_selected_action": [id_of(1)], "index": "0"}
    answer = root.post(address, chosen, follow=True)

    assert (answer.status_code, answer.content.decode().count(NO_PAGE)) == (200, 1)
