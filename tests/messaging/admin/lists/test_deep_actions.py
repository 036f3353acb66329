"""An order on a page deep in a list is for exactly the rows that were ticked, and leads back to
that page.
"""

import re
from html import unescape

import pytest

from tests.support.back_office import said
from tests.support.lists import OLDER, id_of, numbers, page

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("short_pages")]

CONTACTS = "messaging/contact"


class Answered:
    """An answer to the test client, to be read as one over HTTP."""

    def __init__(self, answer):
        self.text = answer.content.decode()


def blocked(db_rows):
    rows = db_rows.execute("SELECT id::text FROM messaging.contacts WHERE blocked_at IS NOT NULL")
    return sorted(numbers([id for (id,) in rows.fetchall()]))


def ticked(*those):
    return {"action": "block", "_selected_action": [id_of(n) for n in those], "index": "0"}


def confirmed(asked):
    """The fields of the page that asks first, as its button sends them."""
    form = asked.content.decode().split('<form method="post">')[1]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form):
        fields.setdefault(name, []).append(unescape(value))
    return fields


def test_an_order_on_a_deep_page_is_for_the_ticked_rows_and_leads_back_there(people, root, db_rows):
    people(1, 9)
    second = page(root, CONTACTS, page(root, CONTACTS).links[OLDER])
    address = f"/admin/{CONTACTS}/{second.address}"
    asked = root.post(address, ticked(6, 4))
    before = blocked(db_rows)
    done = root.post(address, confirmed(asked))
    after = root.get(done["Location"])

    assert (numbers(second.rows), before, blocked(db_rows)) == ([6, 5, 4], [], [4, 6])
    assert (done.status_code, done["Location"]) == (302, address)
    assert said(Answered(after)) == ["2 of 2 contacts are blocked."]
    again = page(root, CONTACTS, second.address)
    assert numbers(again.rows) == [6, 5, 4]


def test_an_order_on_a_page_that_looked_further_and_is_filtered_keeps_both(people, root, db_rows):
    people(1, 15)
    db_rows.execute(
        "UPDATE messaging.contacts SET marketing_opted_out_at = now() WHERE id = ANY(%s::uuid[])",
        [[id_of(n) for n in (14, 4, 2)]],
    )
    first = page(root, CONTACTS, "?standing=no_marketing")
    further = page(root, CONTACTS, first.links["Look further"])
    address = f"/admin/{CONTACTS}/{further.address}"
    done = root.post(address, confirmed(root.post(address, ticked(2))))

    assert (numbers(first.rows), numbers(further.rows)) == ([14], [4, 2])
    assert (done["Location"], blocked(db_rows)) == (address, [2])


def test_rows_of_another_page_that_came_meanwhile_are_not_touched(people, root, db_rows):
    people(1, 6)
    second = page(root, CONTACTS, page(root, CONTACTS).links[OLDER])
    address = f"/admin/{CONTACTS}/{second.address}"
    asked = root.post(address, ticked(3, 2, 1))
    people(7, 12)
    root.post(address, confirmed(asked))

    assert blocked(db_rows) == [1, 2, 3]


def test_rows_that_the_filter_does_not_show_are_not_changed_by_it(people, root, db_rows):
    people(1, 3)
    people(4, 6, globex=True)
    address = f"/admin/{CONTACTS}/?tenant=acme"
    asked = root.post(address, ticked(3, 6))
    root.post(address, confirmed(asked))

    assert blocked(db_rows) == [3]
