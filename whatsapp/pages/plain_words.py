"""What was recorded for operators, in the words of a business's owner: why a number stopped, what a
check found, why a step failed. Pure. What operators read in the back-office stays exact.
"""

import re
from collections.abc import Mapping

from whatsapp import health
from whatsapp.business import meanings
from whatsapp.errors import table
from whatsapp.onboarding.flow import AGAIN
from whatsapp.webhooks.channel_updates.accounts import UPDATES

PLATFORMS = (
    "Something of this platform's own set-up at Meta is not right: tell the people who run the"
    " platform."
)
ENDED = "Meta's permission to use this number has ended or was taken back. Connect it again."
CROWDED = "Meta is asked too often just now: try again in a minute."
UNREADABLE = "Meta's answer could not be understood: try again in a minute."
REFUSED = "Meta refused it. If that stays, tell the people who run this platform."
STOPPED = "Meta does not let this platform use the number any more. Connect it again."
UNCHECKED = (
    "Meta did not answer everything that was asked about this number. If it stops working, connect"
    " it again; if that does not help, tell the people who run this platform."
)

# Each meaning that no owner understands, or that tells operators what to do.
OF_MEANINGS = {
    table.TOKEN: ENDED,
    table.MEANINGS[0]: ENDED,
    table.PERMISSION: (
        "Meta does not let this platform use the number or its account. Connect it again, and leave"
        " every box in Meta's window ticked."
    ),
    table.NUMBER_GONE: (
        "Meta does not show this number to us any more: it was removed from its account, or is not"
        " shared with us. Look into WhatsApp Manager, then connect it again."
    ),
    table.REGISTER: (
        "The number is not registered with Meta any more. Connect it again, and it will be."
    ),
    table.MEANINGS[131037]: (
        "The number has no approved display name yet. Have it approved in WhatsApp Manager, then "
        "connect it again."
    ),
    table.BANNED: (
        "Meta has restricted or disabled the business account: see Meta's Business Support. The"
        " number goes on by itself once Meta allows it again."
    ),
    table.METAS_FAULT: "Meta has a fault of its own: try again in a minute.",
    table.CALLS: CROWDED,
    table.TOO_MANY: CROWDED,
    table.UPKEEP: "The number is in maintenance at Meta: try again in a few minutes.",
    table.OUTDATED: PLATFORMS,
    table.PARAMETERS: REFUSED,
    meanings.NOT_SEEN: (
        "Meta does not show us what was asked for: it may not have been shared with us."
    ),
    meanings.WRONG_APP: PLATFORMS,
    meanings.WRONG_CODE: "Meta's permission came too late, or was used before.",
    meanings.REFUSED_APP: PLATFORMS,
    meanings.CONNECTING[table.OTHER]: REFUSED,
    meanings.CONNECTING[2200]: PLATFORMS,
    meanings.CONNECTING[133000]: (
        "The number was not taken off completely where it was used before. Take it off there, then "
        "try again."
    ),
    meanings.CONNECTING[
        133015
    ]: "The number was taken off just now: Meta takes it again after five minutes.",
    meanings.CONNECTING[
        133016
    ]: "The number was taken off and connected too often: Meta takes it again after three days.",
    meanings.EXCHANGING[
        1
    ]: "Meta did not give its permission. If this stays, tell the people who run this platform.",
}
EVERY_MEANING = {
    meaning
    for table in (
        table.MEANINGS,
        meanings.CONNECTING,
        meanings.CONNECTED,
        meanings.EXCHANGING,
        meanings.INSPECTING,
    )
    for meaning in table.values()
}
# How a recorded sentence begins -> what the owner reads instead of the whole of it; Meta's code and
# words go.
BEGINNINGS = {
    **{meaning.advice: meaning.advice for meaning in EVERY_MEANING},
    **{meaning.advice: words for meaning, words in OF_MEANINGS.items()},
    UPDATES["PARTNER_REMOVED"].summary: UPDATES["PARTNER_REMOVED"].summary,
    UPDATES[
        "PARTNER_APP_UNINSTALLED"
    ].summary: "The business has removed our app at Meta. Connect the number again.",
    "META_APP_ID and META_APP_SECRET": PLATFORMS,
    "WhatsApp answered HTTP ": UNREADABLE,
    "WhatsApp's answer ": UNREADABLE,
    "WhatsApp's list of ": UNREADABLE,
    "The id is none of WhatsApp's": "What was chosen in Meta's window could not be found at Meta.",
}
# What a check's sentence holds -> what the owner reads. The end of a token stands in the card by
# itself.
FAULTS: Mapping[str, str] = {
    re.escape(health.ANSWERS_ALL_THE_SAME): (
        "Meta says that its permission is not valid any more, but the number still "
        "works. Connect it again if messages stop."
    ),
    re.escape(health.NOT_LISTED): (
        "Meta does not list every permission for this number. If messages stop, connect it "
        "again and leave every box in Meta's window ticked."
    ),
    re.escape(
        health.ANOTHER_APP
    ): "Meta's permission was given to another platform. Connect the number again.",
    re.escape(health.NOT_SUBSCRIBED): (
        "What people write does not arrive here, because Meta does not pass it on. Connect "
        "the number again."
    ),
    re.escape(health.ELSEWHERE): (
        "What people write may not arrive here, because Meta passes it on to another place. "
        "Connect the number again."
    ),
    re.escape(health.UNSEEN): (
        "We cannot see whether Meta passes on what people write. Connect the number again if "
        "nothing arrives."
    ),
    re.escape(health.ACCESS_ENDS)
    + r"(\d{4}-\d{2}-\d{2})": r"Meta's permission to reach the account ends on \1 (UTC). "
    "Connect the number again before then.",
    re.escape(health.STANDING)
    + r"([\w ]+):": r"Meta says that the number is \1. Look into WhatsApp Manager, or connect "
    "it again.",
    re.escape(health.TOKEN_ENDS): "",
}


def plain(said: str) -> str:
    """A refusal of Meta's in people's words; any other sentence as it is."""
    known = next(
        (words for beginning, words in BEGINNINGS.items() if said.startswith(beginning)), said
    )
    return f"{known} {AGAIN}" if said.endswith(AGAIN) and not known.endswith(AGAIN) else known


def of_a_stop(reason: str) -> str:
    """Why a number sends nothing any more, and what to do."""
    return plain(reason) if reason else STOPPED


def of_a_check(said: str) -> str:
    """What a check found; nothing where there is nothing to do."""
    found = [
        (match, words) for pattern, words in FAULTS.items() if (match := re.search(pattern, said))
    ]
    return (
        " ".join(filter(None, (match.expand(words) for match, words in found)))
        if found
        else UNCHECKED
    )
