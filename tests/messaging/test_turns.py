"""When each of several workers looks."""

from itertools import pairwise

import pytest

from messaging.models.turns import MOST_SHARING, Turns

PERIOD = 0.125


def looks(turns: Turns, *, since: float = 0.0, until: float = 4.0, each_takes: float = 0.01):
    """The moments of a worker that finds nothing, by the clock of all."""
    now = since
    while (now := now + turns.pause(PERIOD, now - turns.ahead)) < until:
        yield round(now, 6)
        now += each_takes


@pytest.mark.parametrize("workers", [1, 2, 4, MOST_SHARING])
def test_so_many_workers_look_as_often_as_one_alone_and_evenly_apart(workers):
    moments = [
        moment
        for rank in range(workers)
        for moment in looks(Turns(rank, workers, ahead=1000.7 * rank), since=0.03 * rank)
    ]

    settled = sorted(moment for moment in moments if moment >= 1)
    assert {round(later - earlier, 3) for earlier, later in pairwise(settled)} == {PERIOD}


def test_a_look_that_takes_longer_than_the_turns_of_all_is_followed_by_the_next_turn():
    assert list(looks(Turns(1, 2), until=2.0, each_takes=0.3)) == [0.125, 0.625, 1.125, 1.625]


def test_a_pause_is_never_none_and_never_longer_than_the_turns_of_all():
    turns = Turns(2, 4)
    pauses = [turns.pause(PERIOD, n / 1000) for n in range(2000)]
    assert (min(pauses) > 0, max(pauses) <= 4 * PERIOD) == (True, True)


def test_workers_beyond_the_most_that_share_have_a_turn_together():
    assert [
        (turns.rank, turns.workers)
        for turns in (Turns.among(9, before=n, ahead=0.0) for n in range(10))
    ] == [(n % MOST_SHARING, MOST_SHARING) for n in range(10)]


@pytest.mark.parametrize("gone", range(4))
def test_a_worker_that_is_gone_leaves_a_gap_of_one_turn_until_the_others_know(gone):
    moments = [
        moment for rank in {0, 1, 2, 3} - {gone} for moment in looks(Turns(rank, 4), until=2.0)
    ]

    gaps = {round(later - earlier, 3) for earlier, later in pairwise(sorted(moments))}
    assert gaps == {PERIOD, 2 * PERIOD}
