"""Two houses with real webhooks, the real database and a stand-in for Graph, worked piece by piece.
A model is told of it.
"""

import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import psycopg
from django.test import override_settings
from uuid_utils.compat import uuid7

from channels_app.models import Channel
from messaging.inbound import leasing
from messaging.maintenance import sweeps
from messaging.models import Resend, WebhookDelivery
from messaging.outbound import dispatch, outcomes
from messaging.outbound.dispatcher import NIL
from messaging.worker import Worker
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER, REPLY
from tests.support.logged import not_told
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect
from tests.support.whatsapp.walk.model import ANSWERS, Model
from tests.support.whatsapp.walk.world import POISON, World, look
from whatsapp.stand_in import StandIn

NOBODY_LISTENS = "http://127.0.0.1:1"
PACES_ARE_OVER = "UPDATE messaging.channel_paces SET ready_at = 'epoch'"
WAITS_ARE_OVER = """
UPDATE messaging.messages SET due_at = now() WHERE status = 'queued' AND due_at > now();
UPDATE messaging.webhook_deliveries SET due_at = now() WHERE due_at > now();
"""
POSTS_ARE_LOST = """
UPDATE messaging.messages SET due_at = now() WHERE status = 'sending';
UPDATE messaging.message_attempts SET ended_at = ended_at - interval '2 minutes';
"""


@dataclass
class House:
    """A tenant with its channel. `tokens`: how many the channel has had."""

    tenant: Tenant
    number: str
    account: str
    tokens: int = 1
    is_active: bool = True
    is_live: bool = True


@dataclass(frozen=True)
class Marked:
    """A message that a process is about to post, since which minute of the walk, and with which of
    its channel's tokens.
    """

    ready: dispatch.Dispatch
    minute: int
    tokens: int


@dataclass(frozen=True)
class Answered:
    result: dispatch.Result
    tokens: int


class Stage:
    def __init__(self, rows: psycopg.Connection, graph: StandIn, deliver: Any) -> None:
        self.rows, self.graph, self.deliver = rows, graph, deliver
        database.empty(rows)
        graph.reset()
        self.minute = 0
        self.houses = {
            "acme": self.open_house("acme", ACME_NUMBER, ACME_ACCOUNT, "hold"),
            "globex": self.open_house("globex", GLOBEX_NUMBER, GLOBEX_ACCOUNT, "resend_once"),
        }
        self.model = Model(self.look())

    def open_house(self, slug: str, number: str, account: str, policy: str) -> House:
        with operator_scope():
            tenant = Tenant.objects.create(
                slug=slug, name=slug, auto_reply=REPLY, replies_per_hour=1000, resend_policy=policy
            )
        connect(tenant, number, account, "token-1")
        return House(tenant, number, account)

    def house_of(self, number: str) -> House:
        return next(house for house in self.houses.values() if house.number == number)

    def look(self) -> World:
        return look(self.rows)

    def check(self) -> None:
        self.model.check(
            self.look(), {slug for slug, house in self.houses.items() if house.is_active}
        )
        with operator_scope():
            live = set(Channel.objects.filter(status="live").values_list("external_id", flat=True))
        assert live == {house.number for house in self.houses.values() if house.is_live}
        assert not_told(self.rows) == []

    def send_webhook(self, body: bytes) -> bytes:
        assert self.deliver(body).status_code == 200
        return body

    def write(self, slug: str, items: list[tuple[str, str]]) -> bytes:
        house, built = self.houses[slug], []
        for sender, how in items:
            item = bodies.text(POISON if how == "poison" else f"Hello {slug}", sender=sender)
            if how == "senderless":
                del item["from"]
            built += [item, item] if how == "twice" else [item]
        return self.send_webhook(
            bodies.webhook(
                bodies.entry(house.account, bodies.value(house.number, messages=tuple(built)))
            )
        )

    def report(
        self, entry: dict, words: list[str], *, is_referenced: bool, is_astray: bool
    ) -> bytes:
        """Meta reports of a POST in its ledger; astray: at the other house's number."""
        own = self.house_of(entry["phone_number_id"])
        house = next(each for each in self.houses.values() if (each is own) != is_astray)
        more = (
            {"biz_opaque_callback_data": entry["message"]["biz_opaque_callback_data"]}
            if is_referenced
            else {}
        )
        failed = {"errors": [{"code": 131026, "title": "Undeliverable"}]}
        statuses = tuple(
            bodies.status(entry["wamid"], word, **more, **(failed if word == "failed" else {}))
            for word in words
        )
        return self.send_webhook(
            bodies.webhook(
                bodies.entry(house.account, bodies.value(house.number, statuses=statuses))
            )
        )

    def go_on(self, deliveries: list[WebhookDelivery]) -> None:
        """What a DeliveryLeaser does with its lease."""
        if deliveries[0].attempts < leasing.GIVEN_UP_AFTER:
            leasing.process(deliveries)
        else:
            leasing.give_up(deliveries[0])

    def lease(self) -> tuple[UUID, list[UUID]]:
        self.rows.execute(PACES_ARE_OVER)
        token = uuid7()
        turn = dispatch.lease(token, after=NIL, at_most=10, per_channel=8, under_way=Counter())
        ids = sorted(message.id for message in turn.messages)
        self.model.holders |= dict.fromkeys(ids, token)
        return token, ids

    def mark(self, token: UUID, ids: list[UUID]) -> list[Marked]:
        before = self.look()
        dispatches = sorted(dispatch.mark(ids, token), key=lambda each: each.message.id)
        sending = {slug for slug, house in self.houses.items() if house.is_active and house.is_live}
        self.model.mark(dispatches, ids, token, before, sending)
        return [
            Marked(each, self.minute, self.house_of(each.channel.external_id).tokens)
            for each in dispatches
        ]

    def post(self, mark: Marked, answer: str) -> Answered:
        step, then = ANSWERS[answer]
        ready, earlier = mark.ready, len(self.graph.ledger)
        if slept := mark.minute < self.minute or time.monotonic() + 1 > ready.post_before:
            ready = replace(ready, post_before=0)
        self.graph.script.extend([] if step is None or slept else [step])
        with override_settings(META_GRAPH_URL=NOBODY_LISTENS if step is None else self.graph.url):
            result = dispatch.post(ready)
        posts = self.graph.ledger[earlier:]
        assert (result.outcome.status, len(posts)) == (
            ("queued", 0) if slept else (then, int(step is not None))
        )
        for entry in posts:
            self.model.post(entry, answer, self.look().orders)
        return Answered(result, mark.tokens)

    def record(self, answered: list[Answered]) -> None:
        before = self.look()
        assert outcomes.settle([each.result for each in answered]) == []
        after = self.look()
        for each in answered:
            self.model.settle(each.result.outcome, before, after)
            house = self.house_of(each.result.channel.external_id)
            house.is_live &= not (each.result.refusal and each.tokens == house.tokens)

    def time_passes(self, *, is_long: bool) -> None:
        """Leases and waits are over; long: answers that have not come by now never will."""
        self.minute += 1
        self.rows.execute(WAITS_ARE_OVER)
        if is_long:
            self.rows.execute(POSTS_ARE_LOST)

    def connect(self, slug: str) -> None:
        house = self.houses[slug]
        house.tokens, house.is_live = house.tokens + 1, True
        connect(house.tenant, house.number, house.account, f"token-{house.tokens}")

    def activate(self, slug: str, is_active: bool) -> None:
        self.houses[slug].is_active = is_active
        with operator_scope():
            Tenant.objects.filter(slug=slug).update(status="active" if is_active else "suspended")

    def order(self, ids: list[UUID]) -> None:
        again = [row.id for row in self.look().replies() if row.status in ("failed", "unknown")]
        with operator_scope():
            assert set(Resend.objects.order(ids, by="an operator")) == set(ids) & set(again)

    def heal(self, steps: list[sweeps.Sweep]) -> None:
        for step in steps:
            sweeps.run_sweep(step)

    def end_well(self) -> None:
        """Everything is repaired, and a worker does all that is left."""
        for slug in self.houses:
            self.connect(slug)
            self.activate(slug, True)
        known = len(self.graph.ledger)
        for _ in range(10):
            self.time_passes(is_long=True)
            self.rows.execute(PACES_ARE_OVER)
            Worker(senders=16).drain()
            if not any(row.is_due for row in self.look().replies()):
                break
        self.heal(list(sweeps.SWEEPS))
        world = self.look()
        for entry in self.graph.ledger[known:]:
            self.model.post(entry, "accepted", world.orders)
        self.check()
        self.model.check_end(world)
