"""How long is waited: for an event's next try, and while an endpoint rests."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.outgoing_webhooks import retry

NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
HOUR = 3600


def rest(failures, status=500, timed_out=False, retry_after=None):
    return retry.rest_after(failures, status=status, timed_out=timed_out, retry_after=retry_after)


def test_an_event_is_tried_ten_times_over_75_hours():
    waits = [retry.seconds_until_retry(tries) for tries in range(1, 11)]

    assert waits == [
        *(5, 300, 1800),
        *(hours * HOUR for hours in (2, 5, 10, 14, 20, 24)),
        None,
    ]
    assert timedelta(seconds=retry.WHOLE_SCHEDULE) == timedelta(hours=75, minutes=35, seconds=5)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_an_endpoint_that_asks_for_less_rests_longer_each_time(status):
    assert [rest(failures, status) for failures in (1, 2, 3, 6, 7, 5000)] == [
        *(5, 10, 20, 160),
        *(300, 300),
    ]


@pytest.mark.parametrize(
    ("asked_for", "rests"), [(0, 1), (1, 1), (90, 90), (HOUR, HOUR), (86_400, HOUR)]
)
def test_retry_after_is_honoured_up_to_an_hour(asked_for, rests):
    assert [rest(failures, 429, retry_after=asked_for) for failures in (1, 9)] == [rests, rests]
    assert rest(1, 500, retry_after=asked_for) == 0


def test_one_time_out_may_be_the_events_fault_and_from_the_second_on_the_endpoint_rests():
    assert [rest(failures, None, timed_out=True) for failures in (1, 2, 3, 4, 50)] == [
        *(0, 5, 10),
        *(20, 300),
    ]


def test_an_endpoint_that_fails_again_and_again_rests():
    assert [rest(failures) for failures in (1, 2, 3, 4, 5, 6, 7)] == [0, 0, 0, 0, 5, 10, 20]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        (format_datetime(NOW + timedelta(minutes=3), usegmt=True), 180),
        (format_datetime(NOW - timedelta(minutes=3), usegmt=True), 0),
        ("Sun, 29 Nov 2026 13:31:00 +0100", 60),
        ("Sun, 29 Nov 2026 12:31:00 -0000", 60),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 30, None),
        ("Sun, 29 Nov 99999 12:31:00 GMT", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header, seconds):
    assert retry.asked_for(header, NOW) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_is_too_odd_to_be_read(header):
    asked = retry.asked_for(header, NOW)
    assert asked is None or asked >= 0
