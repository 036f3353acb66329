"""Who has a thread: the newest word counts, in whatever order the words come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_app.events import InboundMessage, OwnerSource, StandbyMessage, ThreadNotice
from channels_app.models import Channel
from messaging.arrivals import NO_DELIVERY as DELIVERY
from messaging.arrivals import Arrival, Routed
from messaging.models.owner_word import OwnerWord
from messaging.models.thread_owner import Ownership

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ADA = (("sample_id", "ada"),)
SAID = {"contact_ids": ADA, "external_id": "1", "channel_external_id": "7", "account_id": "7"}
TO_US = InboundMessage(**SAID, reply_to="ada")
TO_OTHERS = StandbyMessage(**SAID, is_outbound=False)
BY_OTHERS = StandbyMessage(**SAID, is_outbound=True)
PASSED = ThreadNotice(**SAID, owner="us", told_by="passed", note="She wants her money back.")
TAKEN = ThreadNotice(**SAID, owner="other", told_by="taken")
CALL = ThreadNotice(**SAID, kind="call")
EVENTS = (TO_US, TO_OTHERS, BY_OTHERS, PASSED, TAKEN, CALL)


def routed(event) -> Routed:
    arrival = Arrival(delivery_id=DELIVERY, received_at=NOON, position=0, event=event)
    return arrival.at(Channel(kind="sample"))


def after(*events) -> Ownership:
    """What is known after these (event, moment), on a thread of which nothing was known."""
    known = Ownership(None, None)
    for event, at in events:
        known.hear_message(routed(event), at)
    return known


def told(known: Ownership) -> list[tuple[str, str]]:
    return [(word.owner, word.told_by) for word in known.heard]


def test_a_message_to_us_makes_the_thread_ours_until_the_contact_is_silent_for_a_day():
    known = after((TO_US, NOON))

    assert known.newest == OwnerWord("us", "message", NOON)
    assert known.owner_at(NOON + 24 * HOUR - MINUTE) == "us"
    assert known.owner_at(NOON + 24 * HOUR) == "nobody"


def test_what_others_say_does_not_keep_a_silent_contacts_thread():
    known = after((TO_OTHERS, NOON), (BY_OTHERS, NOON + 23 * HOUR))

    assert known.owner_at(NOON + 23 * HOUR) == "other"
    assert known.owner_at(NOON + 24 * HOUR) == "nobody"


def test_a_thread_whose_contact_is_not_known_to_have_written_is_somebodys_for_a_day_from_the_word():
    known = after((PASSED, NOON))

    assert known.owner_at(NOON + 24 * HOUR - MINUTE) == "us"
    assert known.owner_at(NOON + 24 * HOUR) == "nobody"


def test_an_earlier_word_that_comes_later_changes_nothing():
    known = after((TAKEN, NOON), (TO_US, NOON - MINUTE))

    assert known.newest == OwnerWord("other", "taken", NOON)
    assert told(known) == [("other", "taken")]


def test_of_the_same_second_the_explicit_word_counts():
    for events in ([(TO_US, NOON), (TAKEN, NOON)], [(TAKEN, NOON), (TO_US, NOON)]):
        assert after(*events).newest == OwnerWord("other", "taken", NOON)


def test_the_history_has_each_change_once_and_every_explicit_word():
    known = after(
        (TO_US, NOON),
        (TO_US, NOON + MINUTE),
        (TAKEN, NOON + 2 * MINUTE),
        (TO_OTHERS, NOON + 3 * MINUTE),
        (BY_OTHERS, NOON + 4 * MINUTE),
        (PASSED, NOON + 5 * MINUTE),
        (TO_US, NOON + 6 * MINUTE),
    )

    assert told(known) == [("us", "message"), ("other", "taken"), ("us", "passed")]
    assert [word.note for word in known.heard] == ["", "", "She wants her money back."]


def test_a_call_and_whatever_is_said_in_a_group_say_nothing_of_the_owner():
    in_a_group = replace(TO_OTHERS, group_external_id="group")

    assert after((CALL, NOON), (in_a_group, NOON)) == Ownership(None, None)


def test_every_source_has_its_rank():
    ranks = [OwnerWord("us", source, NOON).rank for source in OwnerSource]

    assert ranks == sorted(set(ranks))


@given(st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_same_words_in_any_order_leave_the_same_owner(data):
    moments = st.integers(0, 40).map(lambda hours: NOON + hours * HOUR)
    events = data.draw(st.lists(st.tuples(st.sampled_from(EVENTS), moments), max_size=8))
    known, other = after(*events), after(*data.draw(st.permutations(events)))

    assert (known.newest, known.until) == (other.newest, other.until)
    now = NOON + data.draw(st.integers(0, 80)) * HOUR
    assert known.owner_at(now) == other.owner_at(now)
