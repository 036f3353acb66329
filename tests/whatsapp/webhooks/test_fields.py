"""Every field that Meta's webhooks have is said to have an effect or to be kept, and the page says
what the code does.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from channels_app.events import ChannelUpdate
from whatsapp import template_statuses
from whatsapp.webhooks.channel_updates import accounts as accounts
from whatsapp.webhooks.channel_updates import businesses as businesses
from whatsapp.webhooks.channel_updates import numbers as numbers
from whatsapp.webhooks.channel_updates import restrictions as restrictions
from whatsapp.webhooks.channel_updates.reader import (
    GROUPS,
    KEPT,
    OF_PEOPLE,
    OF_SHARED_NUMBERS,
    READERS,
    updates_in,
)
from whatsapp.webhooks.parser import LISTS

pytestmark = pytest.mark.whatsapp

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "whatsapp.md").read_text()

# Cloud API, webhooks of Graph v23 to v25: the fields that an app can subscribe to.
METAS = re.findall(
    r"\w+",
    """
messages message_template_status_update message_template_quality_update
message_template_components_update template_category_update phone_number_quality_update
phone_number_name_update business_capability_update account_update account_alerts
account_review_update security user_preferences user_id_update business_username_updates
smb_message_echoes smb_app_state_sync history calls group_lifecycle_update
group_participants_update group_settings_update group_status_update payment_configuration_update
partner_solutions flows automatic_events messaging_handovers standby consumer_profile
account_settings_update message_echoes
""",
)

# Of each field that is listed, values with every word that the code's tables know.
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "message_template_status_update": [
        {"event": event, "message_template_category": "UTILITY", "reason": "SCAM"}
        for event in template_statuses.STATUSES
    ],
    "message_template_quality_update": [
        {"new_quality_score": score} for score in template_statuses.QUALITIES
    ],
    "message_template_components_update": [{"message_template_element": "Hello"}],
    "template_category_update": [
        {"previous_category": "UTILITY", "new_category": "MARKETING"},
        {"new_category": "UTILITY", "correct_category": "MARKETING"},
    ],
    "phone_number_quality_update": [
        {"event": event, "max_daily_conversations_per_business": "TIER_1K"}
        for event in numbers.QUALITIES
    ],
    "phone_number_name_update": [
        {"decision": each, "requested_verified_name": "Acme"} for each in numbers.NAMES
    ],
    "business_username_updates": [
        {"status": status, "username": "acme"} for status in numbers.USERNAMES
    ],
    "security": [{"event": event} for event in numbers.PINS],
    "account_update": [
        *[{"event": event} for event in accounts.UPDATES],
        *[
            {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": state}}
            for state in accounts.BANS
        ],
        *[
            {"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"restriction_type": kind}]}
            for kind in restrictions.PARTIAL | restrictions.WHOLE
        ],
    ],
    "account_review_update": [{"decision": each} for each in businesses.REVIEWS],
    "account_alerts": [{"alert_info": {"alert_severity": each}} for each in businesses.SEVERITIES],
    "account_settings_update": [{"event": "CHANGED"}],
    "business_capability_update": [
        {"max_daily_conversations_per_business": 250, "max_phone_numbers_per_waba": 2}
    ],
    "flows": [{"event": "FLOW_STATUS_CHANGE", "new_status": "BLOCKED", "flow_id": 1}],
    "partner_solutions": [
        {"event": "SOLUTION_UPDATED", "solution_status": "ACTIVE", "solution_id": 1}
    ],
    "payment_configuration_update": [
        {"configuration_name": "cfg", "provider_name": "razorpay", "status": "Active"}
    ],
}


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str, first: str) -> Iterator[list[str]]:
    """The cells of each row of the section's table whose first column is called so."""
    table = section(title).split(f"\n| {first} |")[1].split("\n\n")[0]
    for line in table.splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def words(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def fields(title: str, first: str) -> list[str]:
    return [field for cells in rows(title, first) for field in words(cells[0])]


LISTED = fields("Accounts, numbers and templates", "field")
STAYING = [each for each in fields("Accounts, numbers and templates", "kept") if each != GROUPS]
ABOUT_PEOPLE = ["messages", *fields("Beside messages", "field")]


def read(field: str, value: dict[str, Any]) -> ChannelUpdate:
    named = {
        "message_template_id": 7,
        "message_template_name": "promo",
        "message_template_language": "en",
    }
    (event,) = updates_in(
        field,
        {**named, **value} if "template" in field else value,
        "300000000000001",
        1_790_000_000,
    )
    assert isinstance(event, ChannelUpdate)
    return event


def test_every_field_of_metas_stands_on_the_page_once():
    assert sorted([*ABOUT_PEOPLE, *LISTED, *STAYING]) == sorted(METAS)


def test_the_page_tells_the_fates_that_the_code_gives():
    assert set(ABOUT_PEOPLE) == OF_PEOPLE | {*OF_SHARED_NUMBERS}
    assert set(ABOUT_PEOPLE) == {*LISTS, "history", "messaging_handovers"}
    assert sorted(LISTED) == sorted(READERS)
    assert {field for field in STAYING if not field.startswith(GROUPS)} == KEPT
    assert "(field `messages`)" in PAGE


@pytest.mark.parametrize("field", LISTED)
def test_the_page_tells_the_effects_of_a_listed_field(field):
    events = [read(field, sample) for sample in SAMPLES[field]]
    (cells,) = [
        cells
        for cells in rows("Accounts, numbers and templates", "field")
        if words(cells[0]) == [field]
    ]

    effects = [
        {word for event in events for word in event.health},
        {word for event in events if event.template for word in event.template.values},
        {event.parks for event in events if event.parks},
    ]
    assert [set(words(cell)) for cell in cells[2:]] == effects
    assert [event for event in events if not event.summary] == []


@pytest.mark.parametrize("field", STAYING)
def test_a_field_that_is_kept_is_not_listed(field):
    event = read(field, {"metadata": {"phone_number_id": "4"}, "event": "anything"})

    assert (event.summary, event.health, event.parks, event.template) == ("", {}, "", None)


@pytest.mark.parametrize("field", ABOUT_PEOPLE)
def test_a_field_about_people_without_any_is_kept(field):
    assert read(field, {}).summary == OF_SHARED_NUMBERS.get(field, "")


@pytest.mark.parametrize("field", OF_SHARED_NUMBERS)
def test_what_cannot_be_read_of_a_shared_number_is_listed_at_the_number_and_says_that_it_is(field):
    ours = {"phone_number_id": 400000000000001, "display_phone_number": "+1 555 010 0001"}
    events = [read(field, {key: ours, "new": 1}) for key in ("metadata", "recipient")]

    assert [
        (event.channel_external_id, event.number, event.summary, event.is_shared, event.raw["new"])
        for event in events
    ] == [("400000000000001", "15550100001", OF_SHARED_NUMBERS[field], True, 1)] * 2


@pytest.mark.parametrize("field", ["quantum_update", "group", "calls_update", ""])
def test_any_other_field_is_listed_under_its_name(field):
    assert read(field, {}).summary == f"Meta reports: {field}."
