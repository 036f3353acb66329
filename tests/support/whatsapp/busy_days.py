"""Two days of everything, recorded by the real door and worker: what people, staff, the business's
own software, a second responder and the provider do.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from channels_app.content import Text
from messaging.contacts import decisions
from messaging.conversations import state, thread_tasks
from messaging.models import Contact, Conversation
from messaging.outbound import submit
from tenants.models import Tenant
from tenants.scope import operator_scope, tenant_scope
from tests.rehearsal.deliveries import CHANNELS, Chance, mixed
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE
from tests.support.whatsapp import bodies, corpus
from whatsapp.stand_in.responders import SecondResponder

HOPPER, LINUS, NEWCOMER, ADAS_ID = "4670000003", "4670000004", "4670000005", "SE.1001"
GRACES_ID = "SE.3001"
OUR_NUMBER = "15550100001"


@dataclass
class Days:
    acme: Tenant
    deliver: Callable[[bytes], Any]
    work: Callable[[], None]
    jobs: Callable[[], None]
    graph: Any
    desk: SecondResponder

    def record(self, mixed_bodies: int) -> datetime:
        """Let both days pass. Returns when the second one began."""
        self.day_before(mixed_bodies)
        began = timezone.now()
        self.day(mixed_bodies)
        return began

    def day_before(self, mixed_bodies: int) -> None:
        for body in itertools.islice(mixed(Chance(7)), mixed_bodies):
            if b"user_preferences" not in body:  # when they were decided is not kept
                self.deliver(body)
        for person in (ADA, GRACE, HOPPER, LINUS):
            self.writes(person, "Good morning")
        self.writes_with_both_ids(GRACE, GRACES_ID)
        self.tells("user_preferences", preferences("stop", of=GRACE))
        self.tells("history", history(placeholder("wamid.old.file"), old("Long ago")))
        self.work()
        self.report("sent", "delivered")
        self.hands(GRACE, state.hand_over)
        self.desk.person_writes(HOPPER, "Who are you?")
        self.work()

    def day(self, mixed_bodies: int) -> None:
        for body in self.bodies_of_all_kinds(mixed_bodies):
            self.deliver(body)
            if next(self.turns) % 9 == 0:
                self.work()
        self.work()
        self.people_write()
        self.staff_answer()
        self.another_answers()
        self.provider_tells()
        self.report("sent", "delivered", "read", "failed")
        self.work()

    turns = itertools.count(1)

    def bodies_of_all_kinds(self, mixed_bodies: int) -> Iterator[bytes]:
        """Without changes of ids: whoever was known before and is found to be one with another is
        not compared.
        """
        yield from ((corpus.FOLDER / case["file"]).read_bytes() for case in corpus.CASES)
        made = itertools.islice(mixed(Chance(12)), 2 * mixed_bodies)
        yield from (body for body in made if b"user_id_update" not in body)

    def people_write(self) -> None:
        for number in range(14):  # more than are answered in an hour
            self.writes(ADA, f"Are you there? {number}", wamid=f"wamid.ada.{number}")
        self.writes(NEWCOMER, "I am new", wamid="wamid.new")
        self.writes(NEWCOMER, "I am new", wamid="wamid.new")  # the provider repeats it
        self.work()
        self.writes(LINUS, "To all", group_id="group-1")
        self.writes(ADA, "In between", wamid="wamid.late", at=time.time() - 120)
        self.echoes("We are here", to=LINUS)
        self.writes(LINUS, "Good", wamid="wamid.paused", at=time.time() - 5)
        poisoned = {"id": "wamid.poisoned", "type": "text"}
        self.says(bodies.text("Beside it", sender=LINUS), poisoned)
        self.says(bodies.text("Nobody's", sender=LINUS), number="499999999999999")
        self.tells("history", history(old("Even longer ago", at=1_780_000_000)))
        self.tells("history", {"messages": [file_of("wamid.old.file")]})
        self.work()

    def staff_answer(self) -> None:
        self.send(LINUS, "Let me see", origin="staff")
        self.send(NEWCOMER, "Welcome", origin="api")
        self.work()
        self.writes(GRACE, "In people's hands")
        self.work()
        self.hands(GRACE, state.hand_back)
        self.writes(GRACE, "Handed back")
        self.work()
        self.hands(LINUS, state.hand_over)
        self.blocks(NEWCOMER, decisions.block)
        self.writes(LINUS, "To people")
        self.writes(NEWCOMER, "Blocked")
        self.work()
        self.blocks(NEWCOMER, decisions.unblock)
        self.writes(NEWCOMER, "Free again")
        self.work()

    def another_answers(self) -> None:
        self.desk.person_writes(HOPPER, "Where is my order?")
        self.desk.writes(HOPPER, "Let me see.")
        self.work()
        self.desk.passes(HOPPER, "She wants her money back.")
        self.work()
        self.desk.person_writes(HOPPER, "Hello?")
        self.work()
        conversation_id = self.conversation(HOPPER).id
        with tenant_scope(self.acme.id):
            thread_tasks.give_order(conversation_id, "pass", note="", by="Olga")
        self.jobs()
        self.writes(HOPPER, "Before you passed me on", at=time.time() - 30)
        self.desk.person_writes(HOPPER, "Is somebody there?")
        self.work()
        self.globex_turns_out_to_be_shared()

    def globex_turns_out_to_be_shared(self) -> None:
        self.says(bodies.text("Hello Globex", sender=LINUS), number=GLOBEX_NUMBER)
        self.work()
        said = (bodies.text("Hello, other desk", sender=LINUS),)
        value = bodies.value(GLOBEX_NUMBER, messages=said)
        self.deliver(bodies.webhook(bodies.change(GLOBEX_ACCOUNT, "standby", value)))
        self.work()

    def provider_tells(self) -> None:
        self.writes_with_both_ids(ADA, ADAS_ID)
        self.work()
        for person, id in ((ADA, ADAS_ID), (GRACE, GRACES_ID)):
            changed = {"current": f"{id}9", "previous": id}
            told = {"wa_id": person, "user_id": changed, "timestamp": str(int(time.time()))}
            self.tells("user_id_update", {"user_id_update": [told]})
        self.tells("user_preferences", preferences("resume", of=GRACE))
        self.tells("user_preferences", preferences("stop", of=ADA))
        self.work()

    # --- what is done -----------------------------------------------------------------------------

    def writes(self, person: str, text: str, **more: Any) -> None:
        self.says(bodies.text(text, sender=person, **more))

    def writes_with_both_ids(self, person: str, id: str) -> None:
        item = bodies.text("With both ids", sender=person, from_user_id=id)
        profile = {"name": f"Ms {person}", "username": f"user.{person}"}
        value = bodies.value(ACME_NUMBER, messages=(item,))
        value["contacts"] = [{"profile": profile, "wa_id": person, "user_id": id}]
        self.deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value)))

    def says(self, *items: dict, number: str = ACME_NUMBER) -> None:
        account = GLOBEX_ACCOUNT if number == GLOBEX_NUMBER else ACME_ACCOUNT
        value = bodies.value(number, messages=items)
        self.deliver(bodies.webhook(bodies.entry(account, value)))

    def echoes(self, text: str, *, to: str) -> None:
        item = {**bodies.text(text, sender=OUR_NUMBER), "to": to}
        self.tells("smb_message_echoes", {"message_echoes": [item]})

    def tells(self, field: str, content: dict) -> None:
        value = {**bodies.value(ACME_NUMBER), **content}
        self.deliver(bodies.webhook(bodies.change(ACME_ACCOUNT, field, value)))

    def report(self, *words: str) -> None:
        """The provider reports these words in turn of all that it took on Acme's number."""
        taken = [each["wamid"] for each in self.graph.ledger if each["wamid"]]
        for wamid, word in zip(taken, itertools.cycle(words), strict=False):
            failed = {"errors": [{"code": 131026, "title": "Message undeliverable"}]}
            told = bodies.status(wamid, word, **(failed if word == "failed" else {}))
            for account, number in CHANNELS:
                value = bodies.value(number, statuses=(told,))
                self.deliver(bodies.webhook(bodies.entry(account, value)))

    def conversation(self, person: str) -> Conversation:
        with operator_scope():
            return Conversation.objects.get(
                tenant=self.acme,
                contact__identities__value=person,
                channel__external_id=ACME_NUMBER,
                group_external_id="",
            )

    def send(self, person: str, text: str, *, origin: str) -> None:
        conversation_id = self.conversation(person).id
        with tenant_scope(self.acme.id):
            submit.send(conversation_id, Text(body=text), origin=origin)

    def hands(self, person: str, move: Callable[[UUID], bool]) -> None:
        conversation_id = self.conversation(person).id
        with tenant_scope(self.acme.id):
            assert move(conversation_id)

    def blocks(self, person: str, decide: Callable[..., Any]) -> None:
        contact_id = self.conversation(person).contact_id
        with tenant_scope(self.acme.id):
            assert decide(Contact.objects.filter(id=contact_id), "Olga") == [contact_id]


def preferences(word: str, *, of: str) -> dict:
    told = {"wa_id": of, "category": "marketing_messages", "value": word}
    return {"user_preferences": [{**told, "timestamp": int(time.time())}]}


def history(*messages: dict) -> dict:
    progress = {"phase": 0, "chunk_order": 1, "progress": 55}
    return {
        "history": [{"metadata": progress, "threads": [{"id": ADA, "messages": list(messages)}]}]
    }


def old(text: str, *, at: int = 1_790_000_000, **more: Any) -> dict:
    return {
        **bodies.text(text, sender=ADA, at=at, **more),
        "history_context": {"status": "READ"},
    }


def placeholder(wamid: str) -> dict:
    item = {**old("", wamid=wamid), "type": "media_placeholder"}
    del item["text"]
    return item


def file_of(wamid: str) -> dict:
    photo = {"id": "7", "mime_type": "image/jpeg", "caption": "Look"}
    item = {**bodies.text(sender=ADA, wamid=wamid, at=1_790_000_000), "type": "image"}
    del item["text"]
    return {**item, "image": photo}
