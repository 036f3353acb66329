"""Which strategy answers: the default, what a tenant chose, what a channel chose; office hours."""

from datetime import UTC, datetime

import pytest
from django import forms

from messaging.models import Message
from messaging.replies.checks import check_strategies
from messaging.replies.office_hours import OfficeHours, OfficeHoursForm

HERE = __name__
HOURS = {
    "days": ["0", "1", "2", "3", "4"],
    "opens": "09:00",
    "closes": "17:00",
    "zone": "Europe/Stockholm",
    "while_open": "",
    "while_closed": "We are closed.",
}


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-30T08:59:59+01:00", False),  # a Monday
        ("2026-11-30T09:00:00+01:00", True),
        ("2026-11-30T15:59:59+00:00", True),  # 16:59:59 in Stockholm
        ("2026-11-30T16:00:00+00:00", False),
        ("2026-11-29T12:00:00+01:00", False),  # a Sunday
        ("2026-07-06T07:00:00+00:00", True),  # in summer it is 9 o'clock
    ],
)
def test_office_hours_are_those_of_the_zone(moment, is_open):
    strategy = OfficeHours(HOURS | {"while_open": "Open."})
    message = Message(sent_at=datetime.fromisoformat(moment))

    assert strategy.reply_to(message) == ("Open." if is_open else "We are closed.")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-30T23:00:00+01:00", True),  # Monday evening
        ("2026-12-01T03:00:00+01:00", True),  # and the night after it
        ("2026-11-30T03:00:00+01:00", False),  # the night after Sunday
        ("2026-12-05T03:00:00+01:00", True),  # the night after Friday
        ("2026-12-05T23:00:00+01:00", False),  # a Saturday
    ],
)
def test_hours_over_midnight_belong_to_the_day_on_which_they_begin(moment, is_open):
    strategy = OfficeHours(HOURS | {"opens": "22:00", "closes": "06:00", "while_open": "Open."})
    message = Message(sent_at=datetime.fromisoformat(moment))

    assert strategy.reply_to(message) == ("Open." if is_open else "We are closed.")


def test_a_text_that_is_left_empty_is_no_answer():
    message = Message(sent_at=datetime(2026, 11, 30, 12, tzinfo=UTC))

    assert OfficeHours(HOURS).reply_to(message).reason == "no_text"


def test_a_zone_that_does_not_exist_is_refused_with_a_sentence():
    form = OfficeHoursForm(HOURS | {"zone": "Europe/Malmo"})

    assert form.errors == {
        "zone": ["There is no time zone of this name. Write one as Europe/Stockholm."]
    }


class Named:
    name, label, form = "named", "A name", forms.Form

    def __init__(self, given):
        pass

    def reply_to(self, message: Message) -> str:
        return "From the one with a name."


class Nameless(Named):
    name = "Two words"


class Namesake(Named):
    name = "static"


class Formless(Named):
    name, label, form = "formless", "", None


class Nothing:
    pass


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (
            "messaging.replies.Gone",
            "REPLY_STRATEGIES names 'messaging.replies.Gone', which cannot be imported"
            " (ImportError).",
        ),
        (
            f"{HERE}.Nothing",
            f"REPLY_STRATEGIES names '{HERE}.Nothing', which has no method reply_to.",
        ),
        (
            f"{HERE}.Nameless",
            f"{HERE}.Nameless needs a name of lower-case letters and underscores, 64 at most.",
        ),
        (
            f"{HERE}.Namesake",
            f"{HERE}.Namesake has the name 'static', which another strategy has, too.",
        ),
    ],
)
def test_a_strategy_that_cannot_be_chosen_is_a_fault_at_the_start(settings, path, sentence):
    settings.REPLY_STRATEGIES = [path]

    assert [fault.msg for fault in check_strategies()] == [sentence]


def test_every_fault_of_a_strategy_is_told_at_once(settings):
    settings.REPLY_STRATEGIES = [f"{HERE}.Formless"]

    assert [fault.msg for fault in check_strategies()] == [
        f"{HERE}.Formless needs a form, a class of Django's: what may be set of it.",
        f"{HERE}.Formless needs a label: what people choose it by.",
    ]


def test_a_default_strategy_that_is_not_there_is_a_fault_at_the_start(settings):
    settings.REPLY_STRATEGY = "messaging.replies.Gone"

    assert [fault.msg for fault in check_strategies()] == [
        "REPLY_STRATEGY names 'messaging.replies.Gone', which cannot be imported (ImportError)."
    ]


def test_what_is_installed_is_no_fault(settings):
    settings.REPLY_STRATEGIES = [f"{HERE}.Named"]

    assert check_strategies() == []
