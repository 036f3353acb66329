"""Read what Meta reports of accounts, numbers and templates, as channel updates for health and
history. Pure.

A table names who reads a field. A word that Meta invents later is shown as it came, a value that is
not built as documented is kept with a plainer sentence, and a field of tomorrow is listed under its
own name.
"""

from collections.abc import Callable, Iterator
from typing import Any

from channels_app.events import ChannelUpdate, Event
from whatsapp.errors import meaning_of, sentence
from whatsapp.errors.codes import code_of
from whatsapp.json_values import Json, attempt, digits, digits_or_text, inner, moment, text
from whatsapp.webhooks.channel_updates import accounts as accounts
from whatsapp.webhooks.channel_updates import businesses as businesses
from whatsapp.webhooks.channel_updates import numbers as numbers
from whatsapp.webhooks.channel_updates import templates as templates
from whatsapp.webhooks.profiles import Contacts
from whatsapp.webhooks.threads.handovers import number_in

READERS: dict[str, Callable[[Json], Json]] = {
    "message_template_status_update": templates.status,
    "message_template_quality_update": templates.quality,
    "message_template_components_update": templates.components,
    "template_category_update": templates.category,
    "phone_number_quality_update": numbers.quality,
    "phone_number_name_update": numbers.name,
    "business_username_updates": numbers.username,
    "security": numbers.security,
    "account_update": accounts.update,
    "account_alerts": businesses.alert,
    "account_review_update": businesses.review,
    "account_settings_update": businesses.settings,
    "business_capability_update": businesses.capability,
    "flows": businesses.flow,
    "partner_solutions": businesses.solution,
    "payment_configuration_update": businesses.payment,
}

# Of no use to who looks after the channel, and many: they stay in their delivery. All of a group's
# fields are among them.
KEPT = {"automatic_events", "consumer_profile", "message_echoes"}
OF_PEOPLE = {
    "messages",
    "calls",
    "history",
    "smb_message_echoes",
    "smb_app_state_sync",
    "user_id_update",
    "user_preferences",
}
# Fields that only a number with several responders has: what of them cannot be read is listed.
OF_SHARED_NUMBERS = {
    "standby": (
        "Meta reported something of a conversation that another responder has, in a form that is"
        " not known."
    ),
    "messaging_handovers": (
        "Meta reported that a conversation has another owner, in a form that does not tell whose"
        " conversation it is."
    ),
}
GROUPS = "group_"

HISTORY_DECLINED = 2593109


def updates_in(field: str, value: Json, account: Any, at: Any) -> Iterator[Event]:
    """Yield the update of one change. `account`: the entry's id; `at`: its time, Unix seconds."""
    # the entry's is a portfolio's then
    named = inner(value, "waba_info").get("waba_id") if field == "account_update" else None
    yield attempt(read, value, field, at, account_id=text(digits_or_text(named or account)))


def read(value: Json, field: str, at: Any, **where: Any) -> ChannelUpdate:
    occurred_at = moment(at) or moment(value.get("timestamp"))
    told = READERS[field](value) if field in READERS else of_another_field(field, value)
    return ChannelUpdate(kind=field, occurred_at=occurred_at, **where, **told)


def of_another_field(field: str, value: Json) -> Json:
    if field in OF_SHARED_NUMBERS:
        ours = number_in(value)
        return {
            "channel_external_id": text(digits_or_text(ours.get("phone_number_id"))),
            "number": digits(ours.get("display_phone_number")),
            "summary": OF_SHARED_NUMBERS[field],
            "is_shared": True,
        }
    is_kept = field in KEPT | OF_PEOPLE or field.startswith(GROUPS)
    return {
        "channel_external_id": text(inner(value, "metadata").get("phone_number_id")),
        "summary": "" if is_kept else f"Meta reports: {field}.",
    }


def read_error(error: Json, value: Json, contacts: Contacts, **where: Any) -> ChannelUpdate:
    """What is wrong with a number as a whole: an error that belongs to no message."""
    code, title = error.get("code"), text(error.get("title") or error.get("message"))
    meaning = meaning_of(code)
    if code_of(code) == HISTORY_DECLINED:
        return ChannelUpdate(
            kind="errors",
            summary="The business shares no chats from before it was connected.",
            **where,
        )
    return ChannelUpdate(
        kind="errors",
        summary=sentence(meaning, code, title),
        severity="critical",
        parks=meaning.parks,
        recovers_by=meaning.recovers_by,
        **where,
    )
