"""What a Graph error asks for: the code decides, with its subcode where that says more; never its
title. Meta's table of error codes, as data.

One table for both places a code turns up in: the answer to a POST, and the errors inside a status
webhook. The advice is one sentence for the operator.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from channels_app.providers import SendError
from whatsapp.errors.anothers import ANOTHERS
from whatsapp.errors.codes import code_of, written
from whatsapp.errors.meaning import (
    ACCOUNT,
    CHANNEL,
    CHECK,
    HOUR,
    PROBE,
    RESTRICTED,
    Code,
    Meaning,
    fail,
    later,
    park,
)

TOKEN = park(
    "The access token no longer works: connect the channel again with a new one.", recovers_by=CHECK
)
PERMISSION = park(
    "The token lacks a permission or the account's asset: grant both in Meta's Business Settings,"
    " then reconnect."
)
NUMBER_GONE = park(
    "The phone number id is gone or cannot be reached: the number was removed at Meta, or the token"
    " cannot see it."
)
REGISTER = park(
    "The number is not registered with the Cloud API: register it with its PIN, then reconnect the"
    " channel."
)
BANNED = park(
    "Meta has restricted or disabled the business account: see Business Support, then reconnect.",
    RESTRICTED,
)
METAS_FAULT = later("Meta has a fault of its own; it is tried again.", 1, 5)
CALLS = later("The account has used up its calls for now; it is tried again.", 60, 2, ACCOUNT)
OUTDATED = later(
    "Meta has ended META_GRAPH_VERSION: set a newer one; it is tried again.", 60, 2, ACCOUNT
)
UPKEEP = later("The number is in maintenance at Meta; it is tried again.", 60, 2, CHANNEL)
TOO_MANY = later("Meta asks to send more slowly; it is tried again.", 3, 1, CHANNEL)
PARAMETERS = fail("Meta does not accept a parameter of the message: the details name it.")
TEMPLATE = fail("The template's parameters do not fit it: compare them with the template at Meta.")
REGISTRATION = fail("The number's registration at Meta is not complete: verify it and set its PIN.")
GROUP = fail("Meta does not take this message for a group.")
UNKNOWN_CODE = fail(
    "Meta refused the message with a code of its own: look it up in Meta's list of error codes."
)

# the first stands for every code that a table does not have
OTHER, INVALID_SESSION, INVALID_TOKEN = -1, 102, 190
# "Object with ID ... does not exist": which object it is depends on what was asked
NO_SUCH_OBJECT = (100, 33)

Meanings = Mapping[Code, Meaning]

MEANINGS: Meanings = {
    **ANOTHERS,
    # the subcode says why: 458, 459, 460, 463, 464, 467, 492
    **dict.fromkeys((INVALID_SESSION, INVALID_TOKEN), TOKEN),
    0: park("Meta does not know who is asking: connect the channel again with a new token."),
    **dict.fromkeys((3, 10, 131005, *range(200, 300)), PERMISSION),
    33: NUMBER_GONE,
    **dict.fromkeys((131045, 133010), REGISTER),
    131037: park(
        "The number has no approved display name yet: have it approved, then reconnect the channel."
    ),
    **dict.fromkeys((368, 131031), BANNED),
    **dict.fromkeys(
        (131042, 131044),
        fail("Meta has a problem with the account's payment: add a payment method."),
    ),
    **dict.fromkeys((1, 2, 131000, 131016, 133004), METAS_FAULT),
    135000: Meaning(
        advice="Meta could not take it; it is tried once more.", then="queued", wait=5, tries=1
    ),
    # Graph's rate limits: app, user, page, business
    **dict.fromkeys((4, 17, 32, 341, 613, *range(80000, 80015)), CALLS),
    2635: OUTDATED,
    130429: TOO_MANY,
    131056: later(
        "Too many messages to one person in a short time; it is tried again, in order.", 4, 4
    ),
    131048: later(
        "The number is limited because its messages were reported as spam: improve their quality.",
        HOUR,
    ),
    131064: later(
        "Templates of the account are limited for their category: correct the categories.", HOUR
    ),
    **dict.fromkeys((131057, 2494100), UPKEEP),
    **dict.fromkeys((100, 131008, 131009), PARAMETERS),
    130403: fail("The person is blocked by us: unblock them to write."),
    130472: fail("The person takes part in an experiment of Meta's and gets no such messages."),
    130497: fail("The business may not write to people of this country."),
    131020: GROUP,
    131021: fail("The sender and the recipient are the same number."),
    131026: fail(
        "It cannot be delivered: the person has no WhatsApp, an old one, or has not accepted its"
        " terms."
    ),
    131030: fail(
        "The recipient is not on the test number's list: add it there, or use a real number."
    ),
    131041: GROUP,
    131047: Meaning(
        advice="The person wrote more than 24 hours ago: only a template may be sent.",
        closes_window=True,
    ),
    131049: fail(
        "Meta holds it back, so that the person gets fewer such messages: not before 24 hours have"
        " passed."
    ),
    131050: Meaning(
        advice="The person has stopped marketing messages of this business.", opts_out=True
    ),
    131051: fail("WhatsApp does not know this kind of message."),
    131052: fail("The media could not be downloaded: ask the person to send it again."),
    131053: fail("The media could not be uploaded: check its type and its size."),
    131055: fail("The message may not be sent in this way."),
    131060: fail("The message is not available here: look into the phone app."),
    131062: fail("A message of this kind needs a phone number, not a user id."),
    131063: fail("The marketing settings of the account do not allow it."),
    **dict.fromkeys((132000, 132008, 132012, 132018), TEMPLATE),
    132001: fail("The template does not exist in this language or is not approved."),
    132005: fail("The template's text is too long with its parameters."),
    132007: fail("The template breaks a policy of Meta's: edit it."),
    132015: fail("The template is paused for its quality: edit it, or use another."),
    132016: fail("The template is disabled for good: make a new one."),
    132068: fail("The Flow is blocked: repair it at Meta."),
    132069: later("The Flow is limited for now; it is tried again.", HOUR),
    **dict.fromkeys((133000, 133005, 133006, 133008, 133009, 133015, 133016), REGISTRATION),
    134011: fail("The terms for payments are not accepted."),
    **dict.fromkeys(
        (134100, 134102),
        fail("The marketing message could not be routed: check the account's settings."),
    ),
    134101: later("The template is being prepared at Meta; it is tried again.", 600),
    **dict.fromkeys(range(138000, 138019), fail("Calls are not supported.")),
    137000: fail("The person's identity key has changed: confirm who they are."),
    **dict.fromkeys(range(131201, 131216), GROUP),
    **dict.fromkeys(range(147001, 147006), fail("The business's username was refused.")),
    **dict.fromkeys((139100, 139101), fail("Blocking the person was refused.")),
    **dict.fromkeys(
        (139102, 139103), later("Blocking is not possible just now; it is tried again.", 60, 2)
    ),
}


# What is asked of a phone number itself: the object that does not exist is the number.
OF_A_NUMBER: Meanings = {**MEANINGS, NO_SUCH_OBJECT: NUMBER_GONE}

# Of a message that came to us: it is received, and something of it is missing.
RECEIVING: Meanings = {
    OTHER: fail("WhatsApp passed the message on with an error: something of it may be missing."),
    **dict.fromkeys(
        (501, 131051),
        fail("WhatsApp does not pass on messages of this kind: ask the person to write otherwise."),
    ),
    131052: MEANINGS[131052],
    131060: MEANINGS[131060],
}


def meaning_of(
    code: Any, subcode: Any = None, http_status: int = 400, meanings: Meanings = MEANINGS
) -> Meaning:
    """The same for a send's answer and for an error inside a status; what no code decides, the HTTP
    status does.

    `code` and `subcode` are as Meta wrote them.
    """
    known = known_meaning(code_of(code), code_of(subcode), meanings)
    if http_status == 401 and not (known and known.parks):
        dead = meanings[INVALID_TOKEN]
        # only Meta's own code says that it is the token
        return replace(dead, recovers_by=PROBE) if dead.parks else dead
    if http_status == 429 and not (known and known.then == "queued"):
        return TOO_MANY
    return known or meanings.get(OTHER, UNKNOWN_CODE)


def known_meaning(code: int | None, subcode: int | None, meanings: Meanings) -> Meaning | None:
    if code is None:
        return None
    of_both = meanings.get((code, subcode)) if subcode is not None else None
    return of_both or meanings.get(code)


def sentence(meaning: Meaning, code: Any, words: str) -> str:
    """The advice, and Meta's own words behind it."""
    number = written(code)
    behind = ": ".join(filter(None, [f"Graph error {number}" if number else "", words]))
    return f"{meaning.advice} ({behind})"[:500] if behind else meaning.advice


def refusal(
    code: Any,
    http_status: int,
    title: str,
    retry_after: timedelta | None,
    subcode: Any = None,
    meanings: Meanings = MEANINGS,
) -> SendError:
    """What becomes of a message, or of anything else, that the Graph API answered with a 4xx and
    this error code.
    """
    meaning = meaning_of(code, subcode, http_status, meanings)
    wait = retry_after if retry_after is not None else timedelta(seconds=meaning.wait)
    return SendError(
        sentence(meaning, code, title),
        then=meaning.then,
        code=written(code),
        subcode=written(subcode),
        http_status=http_status,
        retry_in=wait if meaning.then == "queued" else None,
        growth=1 if retry_after is not None else meaning.growth,
        tries=meaning.tries,
        parks=meaning.parks,
        recovers_by=meaning.recovers_by,
        slows=meaning.slows,
        closes_window=meaning.closes_window,
        opts_out=meaning.opts_out,
        is_anothers=meaning.is_anothers,
    )
