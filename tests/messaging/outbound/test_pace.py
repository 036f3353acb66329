"""How fast a channel sends: carefully until it is proven, then at its rate, and no faster for
having several workers.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from uuid_utils.compat import uuid7

from channels_app.models import Channel
from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import ChannelPace, Message
from messaging.outbound import dispatch, outcomes, retry
from messaging.outbound.dispatcher import NIL, Dispatcher
from tenants.scope import operator_scope
from tests.support import database
from tests.support.cast import GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def storm(acme_whatsapp, write, graph):
    """Forty people wrote to Acme; forty answers are queued."""
    for index in range(40):
        write(sender=f"46700006{index:02}")
    while DeliveryLeaser().process_due():
        pass


def lease(under_way: int = 0, per_channel: int = 100) -> list[Message]:
    counts = Counter({channel.id: under_way for channel in channels()})
    return dispatch.lease(
        uuid7(), after=NIL, at_most=100, per_channel=per_channel, under_way=counts
    ).messages


def channels() -> list[Channel]:
    with operator_scope():
        return list(Channel.objects.all())


def pace() -> ChannelPace:
    with operator_scope():
        return ChannelPace.objects.get()


def set_pace(**values: object) -> None:
    with operator_scope():
        ChannelPace.objects.update(**values)


def proven(slots: int) -> None:
    lease()
    give_back()
    set_pace(slots=slots, proven_at=datetime.now(UTC))


def give_back() -> None:
    """What was leased is due again, and the channel may send."""
    with operator_scope():
        Message.objects.filter(status="queued").update(lease=None, due_at=datetime.now(UTC))
        ChannelPace.objects.update(ready_at=datetime(1970, 1, 1, tzinfo=UTC))


def test_a_channel_that_nothing_has_proven_gets_two_messages_under_way_whoever_asks(storm):
    assert [len(lease()) for _ in range(3)] == [2, 0, 0]


@pytest.mark.parametrize(
    "step",
    [
        pytest.param({}, id="accepted"),
        pytest.param({"code": 131026}, id="a refusal of that message alone"),
    ],
)
def test_each_answer_proves_one_message_more(storm, graph, step):
    graph.script.extend([step] * 40)
    dispatcher = Dispatcher(senders=16)
    seen = []
    for _ in range(5):
        dispatcher.step()
        seen.append(len(dispatcher.under_way))
        while not all(future.done() for future in dispatcher.under_way):
            dispatcher.wait_for_answers(0.05)
        set_pace(ready_at=datetime(1970, 1, 1, tzinfo=UTC))
    dispatcher.stop()

    assert seen == [2, 4, 8, 12, 12]  # and no more than three quarters of its senders


def test_a_channel_that_has_not_answered_for_two_seconds_starts_again(storm):
    proven(slots=12)
    assert len(lease()) == 12

    give_back()
    set_pace(proven_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert len(lease()) == 2


def test_messages_in_other_processes_hands_count_until_their_posts_must_be_over(storm, settings):
    proven(slots=3)
    token = uuid7()
    leased = dispatch.lease(
        token, after=NIL, at_most=2, per_channel=100, under_way=Counter()
    ).messages
    dispatch.mark([message.id for message in leased], token)  # and the process is killed here
    set_pace(ready_at=datetime(1970, 1, 1, tzinfo=UTC))
    assert len(lease()) == 1

    give_back()
    # their outcome counts as lost much later than a POST can take
    settings.UNKNOWN_AFTER_SECONDS = 3600
    with operator_scope():
        Message.objects.filter(status="sending").update(due_at=datetime.now(UTC).replace(year=2100))
    assert len(lease()) == 1
    give_back()
    settings.UNKNOWN_AFTER_SECONDS = 10**10  # as if they had been marked long ago
    assert len(lease()) == 3


def test_a_message_that_is_being_sent_counts_until_its_post_must_be_over(storm, settings):
    proven(slots=3)
    token = uuid7()
    leased = dispatch.lease(
        token, after=NIL, at_most=2, per_channel=100, under_way=Counter()
    ).messages
    dispatch.mark([message.id for message in leased], token)
    longest = settings.SEND_TIMEOUT_SECONDS + settings.POST_WITHIN_SECONDS
    free = []
    for seconds_ago in (longest - 1, longest + 1):
        give_back()
        lost_in = timedelta(seconds=settings.UNKNOWN_AFTER_SECONDS - seconds_ago)
        with operator_scope():
            Message.objects.filter(status="sending").update(due_at=datetime.now(UTC) + lost_in)
        free.append(len(lease()))

    assert free == [1, 3]


def test_a_number_sends_a_quarter_of_its_rate_at_once_and_rests_for_that_long(storm):
    with operator_scope():
        Channel.objects.update(messages_per_second=40)
    proven(slots=1000)

    before = datetime.now(UTC)
    assert len(lease()) == 10
    assert 0 <= (pace().ready_at - before).total_seconds() <= 0.25
    set_pace(ready_at=datetime.now(UTC).replace(year=2100))
    assert lease() == []


def test_a_process_takes_no_more_of_a_channel_than_it_has_room_for(storm):
    proven(slots=20)

    assert len(lease(under_way=5, per_channel=8)) == 3


@pytest.mark.parametrize(
    ("code", "slowed"),
    [
        pytest.param(130429, {"acme one"}, id="a number's limit is the number's"),
        pytest.param(80007, {"acme one", "acme two"}, id="an account's limit is the account's"),
        pytest.param(131056, set(), id="a pair's limit is the pair's"),
    ],
)
def test_a_limit_slows_whom_it_concerns_and_no_other_tenant(
    acme, globex, graph, write, code, slowed
):
    account = "300000000000009"
    names = {
        connect(acme, "400000000000011", account, "token").id: "acme one",
        connect(acme, "400000000000012", account, "token").id: "acme two",
        # of the same account, as it happens
        connect(globex, GLOBEX_NUMBER, account, "token").id: "globex",
    }
    for number in ("400000000000011", "400000000000012", GLOBEX_NUMBER):
        write(number=number, account=account)
    DeliveryLeaser().process_due()
    token = uuid7()
    leased = dispatch.lease(
        token, after=NIL, at_most=10, per_channel=8, under_way=Counter()
    ).messages
    dispatches = dispatch.mark([message.id for message in leased], token)
    graph.script.append({"code": code})
    first = next(each for each in dispatches if names[each.channel.id] == "acme one")
    outcomes.settle([dispatch.post(first)])

    with operator_scope():
        resting = ChannelPace.objects.filter(
            ready_at__gt=datetime.now(UTC), slowed_to__isnull=False
        )
        assert {names[each] for each in resting.values_list("channel_id", flat=True)} == slowed


def test_a_number_over_its_limit_rests_for_as_long_as_the_provider_asks(
    acme_whatsapp, write, work, graph
):
    graph.script.append({"code": 130429, "http": 429, "headers": {"Retry-After": "60"}})
    write()
    work()

    assert (
        timedelta(seconds=55) < pace().ready_at - datetime.now(UTC) <= timedelta(seconds=60 * 1.2)
    )


def test_refusals_of_one_moment_halve_the_rate_once_though_they_are_recorded_one_by_one(
    storm, graph, database_name
):
    proven(slots=64)
    set_pace(proven_at=datetime.now(UTC) + timedelta(hours=1))  # however slow the machine is
    token = uuid7()
    messages = dispatch.lease(
        token, after=NIL, at_most=4, per_channel=4, under_way=Counter()
    ).messages
    marked = dispatch.mark([each.id for each in messages], token)
    assert len(marked) == 4
    graph.script.extend([{"code": 130429, "http": 429}] * 4)
    refused = [dispatch.post(each) for each in marked]
    with psycopg.connect(database.superuser_url(database_name)) as holder:
        holder.execute(
            "SELECT FROM messaging.messages WHERE id = %s FOR UPDATE", [marked[0].message.id]
        )
        left = outcomes.settle(refused)

    assert [each.outcome.message_id for each in left] == [marked[0].message.id]
    assert (pace().slots, pace().slowed_to) == (32, 40)


def test_a_slowed_number_sends_at_half_its_rate_and_comes_back_with_its_answers(storm):
    proven(slots=1000)
    answered = {channel.id: 1 for channel in channels()}
    for expected, counts, rest in ((40, {}, True), (20, {}, True), (20.05, answered, False)):
        with dispatch.router_scope():
            rests = dict.fromkeys(answered, retry.BACK_OFF[0]) if rest else {}
            ChannelPace.objects.learn(Counter(counts), rests, set())
        assert pace().slowed_to == expected


def test_a_dead_token_costs_two_posts_however_many_processes_send(storm, graph):
    graph.script.extend([{"code": 190, "http": 401}] * 40)
    dispatchers = [Dispatcher(senders=16) for _ in range(3)]
    for _ in range(6):
        for dispatcher in dispatchers:
            dispatcher.step()
        for dispatcher in dispatchers:
            dispatcher.wait_for_answers(0.2)
    for dispatcher in dispatchers:
        dispatcher.stop()

    with operator_scope():
        assert Channel.objects.get().status == "needs_reauth"
        statuses = Counter(
            Message.objects.filter(direction="outbound").values_list("status", flat=True)
        )
    assert (len(graph.ledger), statuses) == (2, {"held": 40})


def test_another_tenants_reply_has_its_turn_in_the_next_lease_whatever_is_queued(
    storm, globex_whatsapp, write, db_rows
):
    proven(slots=1000)
    write(number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    while DeliveryLeaser().process_due():
        pass

    leased = dispatch.lease(
        uuid7(), after=NIL, at_most=8, per_channel=8, under_way=Counter()
    ).messages
    assert Counter(message.channel_id == globex_whatsapp.id for message in leased) == {
        False: 4,
        True: 1,
    }


def test_a_channel_connected_anew_rests_no_longer_and_no_rest_is_longer_than_a_quarter_of_an_hour(
    acme, storm, acme_whatsapp
):
    proven(slots=10)
    with dispatch.router_scope():
        ChannelPace.objects.learn(Counter(), {acme_whatsapp.id: timedelta(hours=24)}, set())
    assert timedelta(minutes=14) < pace().ready_at - datetime.now(UTC) <= timedelta(minutes=15)
    assert lease() == []

    connect(acme, acme_whatsapp.external_id, acme_whatsapp.account_id, "new token")
    assert len(lease()) == 5  # half as many as before
    give_back()


def test_what_may_not_be_sent_is_set_aside_though_its_channel_rests(storm, work):
    lease()
    give_back()
    set_pace(ready_at=datetime.now(UTC).replace(year=2100))
    with operator_scope():
        Channel.objects.update(status="disconnected")
    work()

    with operator_scope():
        assert set(
            Message.objects.filter(direction="outbound").values_list("status", flat=True)
        ) == {"cancelled"}


def test_a_message_that_comes_behind_one_that_is_tried_again_later_waits_for_it(
    acme_whatsapp, write, work, graph, db_rows
):
    graph.script.append({"code": 131056})
    write("first")
    work()
    write("second")
    DeliveryLeaser().process_due()

    with operator_scope():
        first, second = Message.objects.filter(direction="outbound").order_by("seq")
    assert min(first.due_at, second.due_at) > datetime.now(UTC)

    db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE id = %s", [second.id])
    work()  # the second is looked at, and has to wait
    with operator_scope():
        assert Message.objects.get(id=second.id).due_at > datetime.now(UTC)
    assert len(graph.ledger) == 1

    db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE id = %s", [first.id])
    work()
    with operator_scope():
        sent = Message.objects.filter(direction="outbound").order_by("seq")
        assert list(sent.values_list("status", "attempts")) == [("accepted", 2), ("accepted", 1)]
