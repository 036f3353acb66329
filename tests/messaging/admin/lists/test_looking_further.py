"""A page of what no index finds goes through a bounded number of rows, and its link goes on until
all were seen: no row is missed, none is shown twice.
"""

from hashlib import md5
from itertools import chain
from random import Random

import pytest

from messaging.models import WebhookEndpoint
from tenants.scope import operator_scope
from tests.support import lists
from tests.support.lists import FIRST, FURTHER, NEWER, OLDER, id_of, numbers, page, walk

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("short_pages")]

MESSAGES = "messaging/message"
UNANSWERED = "?unanswered=limit"
LOOKED_THROUGH = "10 rows were looked through for this page, and it is not full:"


@pytest.fixture
def unanswered(people, db_rows):
    """`unanswered(40, {3, 7})`: forty messages, of which two have no answer."""

    def unanswered(count, those):
        people(1, count)
        db_rows.execute(
            "UPDATE messaging.messages SET unanswered = 'limit' WHERE id = ANY(%s::uuid[])",
            [[id_of(n) for n in those]],
        )

    return unanswered


def both_ways(root, begin=UNANSWERED):
    def ask(address):
        return page(root, MESSAGES, address)

    forward = list(walk(ask, begin, OLDER))
    return forward, list(walk(ask, forward[-1].address, NEWER))


def test_a_page_that_found_too_few_says_so_and_goes_on_behind_the_last_row_it_went_through(
    unanswered, root
):
    unanswered(25, {25, 16, 15, 1})
    forward, back = both_ways(root)

    assert [numbers(each.rows) for each in forward] == [[25, 16], [15], [1]]
    assert [LOOKED_THROUGH in each.text for each in forward] == [True, True, False]
    assert [list(each.links) for each in forward] == [
        [FURTHER],
        [FIRST, NEWER, FURTHER],
        [FIRST, NEWER],
    ]
    # what is left for the last page back is shown as the first one
    assert [numbers(each.rows) for each in back] == [[1], [], [16, 15], [25, 16]]


def test_the_row_at_which_a_page_was_cut_off_is_shown_on_the_way_back(unanswered, root):
    unanswered(21, {11, 12})
    forward, back = both_ways(root)

    assert [numbers(each.rows) for each in forward] == [[12], [11], []]
    shown = [numbers(each.rows) for each in back]
    assert sorted(set(chain(*shown))) == [11, 12]


def test_an_empty_page_leads_back_to_what_was_before_it(unanswered, root):
    unanswered(30, {30, 21})
    first = page(root, MESSAGES, UNANSWERED)
    empty = page(root, MESSAGES, first.links[FURTHER])
    further_back = page(root, MESSAGES, empty.links[NEWER])
    end = page(root, MESSAGES, empty.links[FURTHER])
    from_the_end = page(root, MESSAGES, end.links[NEWER])

    assert [numbers(each.rows) for each in (first, empty, end)] == [[30, 21], [], []]
    assert (numbers(further_back.rows), further_back.further) == ([21], NEWER)
    assert numbers(page(root, MESSAGES, further_back.links[FURTHER]).rows) == [30, 21]
    assert (list(end.links), from_the_end.rows, from_the_end.further) == ([FIRST, NEWER], [], NEWER)


def test_one_that_finds_nothing_ends_after_all_rows_were_seen(unanswered, root):
    unanswered(35, set())
    forward, _back = both_ways(root)

    assert [each.rows for each in forward] == [[], [], [], []]
    assert [FURTHER in each.links for each in forward] == [True, True, True, False]


@pytest.mark.parametrize("seed", range(6))
def test_whichever_rows_are_meant_each_is_found_once_forward_and_all_are_found_back(
    unanswered, root, seed
):
    random = Random(seed)
    count = random.randrange(20, 60)
    meant = {n for n in range(1, count + 1) if random.random() < random.choice([0.05, 0.3, 0.9])}
    unanswered(count, meant)
    forward, back = both_ways(root)
    wanted = sorted(meant, reverse=True)

    assert numbers(list(chain(*(each.rows for each in forward)))) == wanted
    assert sorted(set(numbers(list(chain(*(each.rows for each in back))))), reverse=True) == wanted


def test_words_of_a_text_are_found_through_all_of_a_tenants_messages(people, root, db_rows):
    people(1, 24)
    people(101, 120, globex=True)
    db_rows.execute(
        "UPDATE messaging.messages SET text = 'red shoes' WHERE id = ANY(%s::uuid[])",
        [[id_of(n) for n in (23, 14, 2, 110)]],
    )
    forward, back = both_ways(root, "?q=acme+red+shoes")

    assert [numbers(each.rows) for each in forward] == [[23], [14], [2]]
    assert [FURTHER in each.links for each in forward] == [True, True, False]
    assert sorted(set(chain(*(numbers(each.rows) for each in back)))) == [2, 14, 23]


@pytest.mark.parametrize(
    "query",
    [
        *("", "?tenant=acme", "?attention=twice", "?attention=yes", "?tenant=acme&attention=yes"),
        *("?attention=twice&tenant=acme", "?q=acme", "?q=%2B46700000001", "?q=Person"),
    ],
)
def test_what_an_index_finds_is_never_cut_off(people, root, db_rows, query):
    people(1, 12)
    people(13, 30, globex=True)
    db_rows.execute(
        "UPDATE messaging.messages SET sent_twice_at = now(), direction = 'outbound',"
        " status = 'failed', recipient = '4670'"
    )

    pages = walk(lambda address: page(root, MESSAGES, address), query, OLDER)
    assert {each.further for each in pages} == {""}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?tenant=acme&status__exact=closed", [12, 1]),
        ("?q=acme&status__exact=closed", [12, 1]),
        ("?window=open", [30, 12]),
        ("?window=closed", [29, 11]),
    ],
)
def test_conversations_by_status_within_a_tenant_and_by_window_are_never_cut_off(
    people, root, db_rows, query, found
):
    people(1, 12)
    people(13, 30, globex=True)
    db_rows.execute(
        "UPDATE messaging.conversations SET status = 'closed' WHERE id = ANY(%s::uuid[])",
        [[id_of(n) for n in (1, 12, 20)]],
    )
    for number, days in ((30, 3), (12, 2), (29, -2), (11, -3)):
        db_rows.execute(
            "UPDATE messaging.conversations SET window_closes_at = now() + %s * interval '1 day'"
            " WHERE id = %s",
            [days, id_of(number)],
        )
    shown = page(root, "messaging/conversation", query)

    assert (numbers(shown.rows), shown.further) == (found, "")


# what no index finds: a table, its columns beside the id and the tenant, and a value of each row
UNINDEXED = {
    "channels/channelevent": (
        "channel_events (id, tenant_id, provider, account_id, kind, severity, summary, occurred_at,"
        " recorded_at, delivery_id, fingerprint)",
        "'whatsapp', {word}, 'k', 'info', 's', now(), now(), gen_random_uuid(), n::text",
    ),
    "messaging/contactchange": (
        "contact_changes (id, tenant_id, contact_id, what, kind, old, new, by, is_open,"
        " recorded_at)",
        "%(contact)s, 'id_added', 'wa_id', '', {word}, '', false, now()",
    ),
    "messaging/media": (
        "media (id, tenant_id, external_id, kind, mime_type, filename, sha256, status, error, file,"
        " created_at)",
        "{word}, 'image', '', '', '', 'failed', '', '', now()",
    ),
    "messaging/webhookattempt": (
        "webhook_attempts (id, tenant_id, event_id, endpoint_id, type, number, outcome, error,"
        " duration_ms, answer, at)",
        "md5({word})::uuid, %(endpoint)s, 't', 1, 'failed', '', 1, '', now()",
    ),
}
WORD = "CASE WHEN n IN (23, 14, 2) THEN 'red' ELSE 'blue' END"


@pytest.fixture
def many(db_rows, people, acme_whatsapp):
    """`many("messaging/media")`: 24 rows of this list; 23, 14 and 2 have the word "red"."""

    def many(kind):
        people(1, 1)
        tenant = acme_whatsapp.tenant
        with operator_scope():
            endpoint = WebhookEndpoint.objects.create(tenant=tenant, url="https://crm.example/")
        columns, values = UNINDEXED[kind]
        db_rows.execute(
            f"INSERT INTO messaging.{columns} SELECT {lists.ID}, %(tenant)s,"
            f" {values.format(word=WORD)} FROM generate_series(1, 24) n",
            {"tenant": tenant.id, "contact": id_of(1), "endpoint": endpoint.id},
        )

    return many


@pytest.mark.parametrize("kind", UNINDEXED)
def test_ids_that_no_index_finds_are_looked_for_in_a_bounded_number_of_rows(many, root, kind):
    many(kind)
    words = md5(b"red", usedforsecurity=False).hexdigest() if "attempt" in kind else "red"
    pages = list(walk(lambda address: page(root, kind, address), f"?q={words}", OLDER))

    assert [numbers(each.rows) for each in pages] == [[23], [14], [2]]
    assert [each.further for each in pages] == [OLDER, OLDER, ""]


@pytest.mark.parametrize("kind", list(UNINDEXED)[:3])
def test_a_tenants_rows_are_found_by_its_short_name_without_a_bound(many, root, kind):
    many(kind)
    pages = list(walk(lambda address: page(root, kind, address), "?q=acme", OLDER))

    assert (len(pages), {each.further for each in pages}) == (8, {""})


def test_further_pages_go_through_as_many_rows_again(unanswered, root, db_rows):
    """Every page reads a bounded number of rows, however far it stands from the first one."""
    unanswered(60, {1})
    forward, _back = both_ways(root)
    assert [len(each.rows) for each in forward] == [0, 0, 0, 0, 0, 1]
    assert lists.onward(forward[-1], OLDER) == ""
