"""Items of every list, good ones and poisoned ones, each with the event that must come of it; none:
it must be refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from hypothesis import strategies as st

from channels_app.events import Event, StandbyMessage
from tests.support.whatsapp.expected import (
    call,
    channel,
    echo,
    entry,
    file,
    identity,
    message,
    ours,
    preference,
    status,
    theirs,
)

# written into the body, as no JSON writer can
INFINITE, HUGE = "\x02an infinite number\x02", "\x02a number of 5000 digits\x02"


@dataclass(frozen=True)
class Said:
    """An item that goes in, and the event that must come out; None: a Rejected."""

    item: Any
    event: Event | None


@dataclass(frozen=True)
class Where:
    account: str
    number: str
    dialled: str

    @property
    def told(self) -> dict[str, Any]:
        return {"account_id": self.account, "channel_external_id": self.number}

    @property
    def told_of_messages(self) -> dict[str, Any]:
        return {**self.told, "channel_number": self.dialled}


@dataclass(frozen=True)
class Person:
    """Somebody who is known by a number, by a BSUID, or by both."""

    name: str
    wa_id: str
    user_id: str

    def named(self, number: str, user_id: str, no_id: Any = None) -> dict[str, Any]:
        """The person's ids under these keys; the key of one that Meta does not know is missing, or
        holds what is none.
        """
        given = {
            key: value or no_id for key, value in ((number, self.wa_id), (user_id, self.user_id))
        }
        return {key: value for key, value in given.items() if value is not None}

    @property
    def contact_ids(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.named("wa_id", "bsuid").items())[::-1]

    @property
    def address(self) -> str:
        return self.wa_id or self.user_id


CAST = [
    Person("Ada", "4670000001", ""),
    Person("Grace", "4670000002", "SE.2"),
    Person("Cleo", "", "SE.3"),
]
PERSON = st.sampled_from(CAST)
CONTACTS = st.permutations(
    [{"profile": {"name": each.name}, **each.named("wa_id", "user_id")} for each in CAST]
).map(
    lambda contacts: {"contacts": [7, *contacts, {"wa_id": ["junk"], "profile": None}]}
) | st.just({})
JUNK = st.sampled_from([None, True, 7, 0.5, "item", [], [{}]]).map(lambda item: Said(item, None))
WAMID = st.integers(1, 10**6).map("wamid.{}".format)

TEXTS = [
    ("Hello", "Hello", "Hello"),
    ("two\nlines", "two\nlines", "two lines"),
    ("a\x00b", "a\ufffdb", "a\ufffdb"),
    ("x\ud83dy", "x\ufffdy", "x\ufffdy"),
    ("ab" * 100, "ab" * 100, "ab" * 59 + "a\u2026"),
    ({"no": "text"}, "", "Message without words"),
]
SAYS: list[tuple[str, dict[str, Any], tuple[str, str], dict[str, Any]]] = [
    *(("text", {"text": {"body": body}}, (text, preview), {}) for body, text, preview in TEXTS),
    ("image", {"image": {"id": "5"}}, ("", "Photo"), {"attachment": file("5", "", "")}),
    (
        "reaction",
        {"reaction": {"message_id": "wamid.0"}},
        ("", "Reaction taken back"),
        {"target_external_id": "wamid.0"},
    ),
    ("interactive", {"text": {"body": "elsewhere"}}, ("", "Message of the type interactive"), {}),
    (
        "text",
        {"text": {"body": "a"}, "context": {"id": "wamid.0"}},
        ("a", "a"),
        {"quoted_external_id": "wamid.0"},
    ),
    ("hologram", {"hologram": [[[[[[[[{}]]]]]]]]}, ("", "Message of the type hologram"), {}),
]


def without(*keys: str) -> Callable[[dict], dict]:
    return lambda item: {key: value for key, value in item.items() if key not in keys}


def having(**more: Any) -> Callable[[dict], dict]:
    return lambda item: {**item, **more}


POISON = [having(extra=[number]) for number in (float("nan"), float("-inf"), INFINITE, HUGE)]
OF_IDS = [
    without("id"),
    *(
        having(id=each)
        for each in (None, "", 7, {}, [], "w" * 513, "é" * 257, "a\x00", "a\ud83d", HUGE)
    ),
]
NO_IDS = [
    None,
    "",
    "unknown",
    "no id",
    "SE.",
    "SE.2 3",
    "SE." + "1" * 129,
    "se.2",
    "46 70",
    "4" * 513,
    "\x00",
    {"a": 1},
    [1],
    True,
    1.5,
    0,
]
NO_ID = st.sampled_from(NO_IDS)


def nobody(*keys: str) -> list[Callable[[dict], dict]]:
    """These keys are missing, or hold what is no id."""
    return [without(*keys), *(having(**dict.fromkeys(keys, each)) for each in NO_IDS)]


OF_SENDERS, OF_RECEIVERS = nobody("from", "from_user_id"), nobody("to", "to_user_id")


@st.composite
def poisoned(
    draw: st.DrawFn, items: st.SearchStrategy[Said], *poison: Callable[[dict], dict]
) -> Said:
    """One item in four is poisoned."""
    said = draw(items)
    if draw(st.integers(0, 3)):
        return said
    return Said(draw(st.sampled_from([*POISON, *poison]))(said.item), None)


def written(kind: str, wamid: str, content: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": wamid, "type": kind, "timestamp": "1790000000", **content, **more}


def messages(where: Where, are_named: bool) -> st.SearchStrategy[Said]:
    def said(person: Person, wamid: str, says: tuple, no_id: Any) -> Said:
        kind, content, words, more = says
        told = {
            "contact_ids": person.contact_ids,
            "reply_to": person.address,
            "contact_name": person.name * are_named,
        }
        item = written(kind, wamid, content, **person.named("from", "from_user_id", no_id))
        return Said(item, message(wamid, kind, *words, **where.told_of_messages, **told, **more))

    return poisoned(
        st.builds(said, PERSON, WAMID, st.sampled_from(SAYS), NO_ID), *OF_IDS, *OF_SENDERS
    )


def echoes(where: Where, are_named: bool) -> st.SearchStrategy[Said]:
    def said(person: Person, wamid: str, says: tuple, no_id: Any) -> Said:
        kind, content, words, more = says
        told = {"contact_ids": person.contact_ids, "contact_name": person.name * are_named}
        item = written(
            kind,
            wamid,
            content,
            **person.named("to", "to_user_id", no_id),
            **{"from": where.dialled},
        )
        return Said(item, echo(wamid, kind, *words, **where.told_of_messages, **told, **more))

    return poisoned(
        st.builds(said, PERSON, WAMID, st.sampled_from(SAYS), NO_ID), *OF_IDS, *OF_RECEIVERS
    )


def on_standby(items: st.SearchStrategy[Said], *, is_outbound: bool) -> st.SearchStrategy[Said]:
    """The same items on a thread that another responder has."""

    def theirs(said: Said) -> Said:
        if said.event is None:
            return said
        told = {each.name: getattr(said.event, each.name) for each in fields(said.event)}
        told.pop("reply_to", None)
        return Said(said.item, StandbyMessage(is_outbound=is_outbound, **told))

    return items.map(theirs)


def calls(where: Where, are_named: bool) -> st.SearchStrategy[Said]:
    def said(person: Person, wacid: str, way: tuple[str, Any, str], no_id: Any) -> Said:
        event, duration, words = way
        named = person.named("from", "from_user_id", no_id)
        item = {"id": wacid, "event": event, "timestamp": "1790000000", "duration": duration}
        told = {"contact_ids": person.contact_ids, "contact_name": person.name * are_named}
        ended = call(wacid, words, **where.told_of_messages, **told)
        return Said({**item, **named}, ended if words else channel("calls", **where.told))

    ways = [("terminate", 61, "Call of 1 min 1 s"), ("terminate", None, "Missed call")]
    begun = [("connect", None, ""), (None, 7, "")]
    return poisoned(st.builds(said, PERSON, WAMID, st.sampled_from([*ways, *begun]), NO_ID))


def old_messages(where: Where, are_named: bool, person: Person | None) -> st.SearchStrategy[Said]:
    """Of the person's thread; None: behind all threads, so each says itself whom it is from
    or to.
    """

    def said(person: Person, is_ours: bool, wamid: str, says: tuple) -> Said:
        kind, content, words, more = says
        told = {"contact_ids": person.contact_ids, "contact_name": person.name * are_named}
        sides = (
            {"from": where.dialled, **person.named("to", "to_user_id")}
            if is_ours
            else person.named("from", "from_user_id")
        )
        make = ours if is_ours else theirs
        return Said(
            written(kind, wamid, content, **sides),
            make(wamid, kind, *words, **where.told_of_messages, **told, **more),
        )

    persons = PERSON if person is None else st.just(person)
    return poisoned(st.builds(said, persons, st.booleans(), WAMID, st.sampled_from(SAYS)), *OF_IDS)


def statuses(where: Where) -> st.SearchStrategy[Said]:
    def said(person: Person, wamid: str, word: str, no_id: Any) -> Said:
        recipient = person.named("recipient_id", "recipient_user_id", no_id)
        item = {"id": wamid, "status": word, "timestamp": "1790000000", **recipient}
        return Said(item, status(wamid, word, recipient_ids=person.contact_ids, **where.told))

    words = st.sampled_from(
        ["sent", "delivered", "read", "played", "failed", "deleted", "teleported"]
    )
    return poisoned(
        st.builds(said, PERSON, WAMID, words, NO_ID),
        *OF_IDS,
        without("status"),
        having(status=["sent"]),
    )


def errors(where: Where) -> st.SearchStrategy[Said]:
    return st.just(
        Said({"code": 130429, "title": "Rate limit hit"}, channel("errors", **where.told))
    )


def book_entries(where: Where) -> st.SearchStrategy[Said]:
    def said(person: Person, action: str) -> Said:
        contact = {"phone_number": f"+{person.wa_id}", "full_name": person.name}
        item = {
            "type": "contact",
            "contact": contact,
            "action": action,
            "metadata": {"timestamp": "1790000000"},
        }
        return Said(
            item,
            entry(("wa_id", person.wa_id), person.name if action == "add" else "", **where.told),
        )

    numbered = st.sampled_from([person for person in CAST if person.wa_id])
    no_number = [having(contact={"phone_number": each}) for each in NO_IDS if each != "46 70"]
    return poisoned(
        st.builds(said, numbered, st.sampled_from(["add", "remove"])),
        *nobody("contact"),
        *no_number,
    )


def id_updates(where: Where, are_named: bool) -> st.SearchStrategy[Said]:
    def said(person: Person) -> Said:
        item = {
            "wa_id": person.wa_id,
            "user_id": {"current": person.user_id},
            "timestamp": "1790000000",
        }
        told = {"contact_ids": person.contact_ids, "contact_name": person.name * are_named}
        return Said(item, identity(**where.told, **told))

    nameless = [having(wa_id=each, user_id={"current": each}) for each in NO_IDS]
    return poisoned(st.builds(said, PERSON), *nobody("wa_id", "user_id"), *nameless)


def preferences(where: Where, are_named: bool) -> st.SearchStrategy[Said]:
    def said(person: Person, word: str, no_id: Any) -> Said:
        named = person.named("wa_id", "user_id", no_id)
        item = {
            "category": "marketing_messages",
            "value": word,
            "timestamp": 1_790_000_000,
            **named,
        }
        told = {"contact_ids": person.contact_ids, "contact_name": person.name * are_named}
        return Said(item, preference(word != "stop", **where.told, **told))

    wrong = (
        without("value"),
        having(value=["stop"]),
        having(value="maybe"),
        having(category="jokes"),
    )
    words = st.sampled_from(["stop", "resume", "signup"])
    return poisoned(st.builds(said, PERSON, words, NO_ID), *nobody("wa_id", "user_id"), *wrong)
