"""Which strategies can be chosen, and what may be set of each."""

from datetime import time

import pytest
from django import forms

from messaging.replies_api.form_fields import described
from tests.support.api import Caller, faults_of, new_key


class Every(forms.Form):
    """A field of each kind."""

    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], initial=["a"])
    one = forms.ChoiceField(choices=[("", "None"), ("a", "A")], required=False)
    on = forms.BooleanField(initial=True, required=False)
    share = forms.FloatField(min_value=0.5, max_value=1, initial=0.5)
    price = forms.DecimalField(required=False)
    most = forms.IntegerField(min_value=1, max_value=9, initial=3)
    since = forms.DateTimeField(required=False)
    day = forms.DateField(required=False)
    opens = forms.TimeField(initial=time(9), help_text="By the clock.")
    url = forms.URLField(assume_scheme="https")
    mail = forms.EmailField(label="Address")
    words = forms.CharField(max_length=40, widget=forms.Textarea)
    key = forms.CharField(widget=forms.PasswordInput, initial="sk-default")


class OfEvery:
    form = Every


def test_every_strategy_is_listed_with_its_settings(acmes):
    told = acmes.get("reply-strategies")
    items = told.json()["items"]

    assert (told.status_code, [(each["name"], each["label"]) for each in items]) == (
        200,
        [
            ("static", "The text of the channel, or else of the tenant"),
            ("office_hours", "By office hours"),
            ("none", "No automatic reply"),
            ("service", "A service answers"),
        ],
    )
    assert [[setting["name"] for setting in each["settings"]] for each in items] == [
        [],
        ["days", "opens", "closes", "zone", "while_open", "while_closed"],
        [],
        ["url", "key"],
    ]
    assert items[1]["settings"][2] == {
        "name": "closes",
        "kind": "time",
        "label": "Closes at",
        "help": "Before the hour it opens at: on the next day.",
        "required": True,
        "default": "17:00",
        "choices": [],
        "minimum": None,
        "maximum": None,
        "max_length": None,
        "secret": False,
    }


def test_a_setting_tells_its_kind_default_and_bounds():
    told = {each["name"]: each for each in described(OfEvery)}

    assert [
        (name, each["kind"], each["required"], each["default"]) for name, each in told.items()
    ] == [
        ("several", "choices", True, ["a"]),
        ("one", "choice", False, None),
        ("on", "boolean", False, True),
        ("share", "number", True, 0.5),
        ("price", "number", False, None),
        ("most", "integer", True, 3),
        ("since", "datetime", False, None),
        ("day", "date", False, None),
        ("opens", "time", True, "09:00"),
        ("url", "url", True, None),
        ("mail", "email", True, None),
        ("words", "text", True, None),
        ("key", "text", True, None),
    ]
    assert [(told["most"][word], told["words"][word]) for word in ("minimum", "maximum")] == [
        (1, None),
        (9, None),
    ]
    assert (told["words"]["max_length"], told["mail"]["label"], told["url"]["label"]) == (
        40,
        "Address",
        "url",
    )
    assert told["several"]["choices"] == [
        {"value": "a", "label": "A"},
        {"value": "b", "label": "B"},
    ]
    assert [name for name, each in told.items() if each["secret"]] == ["key"]


@pytest.mark.parametrize("path", ["reply-strategies", "reply-strategy"])
def test_who_may_only_write_channels_reads_no_strategy(web, acme, path):
    refused = Caller(web, new_key(acme, ["messages:read"])).get(path)

    assert (refused.status_code, refused.json()["code"], faults_of(refused)) == (
        403,
        "missing_scope",
        [],
    )
