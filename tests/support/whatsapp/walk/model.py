"""What may be true after any step, told from what happened outside the pipeline: webhooks, POSTs,
their answers, and orders.
"""

import re
from collections import Counter, defaultdict
from typing import Any, NamedTuple
from uuid import UUID

from messaging.models.outcome import Outcome
from messaging.outbound import dispatch
from tests.support.whatsapp.walk.world import World

REFERENCE = re.compile(r"o1:([0-9a-f-]{36}):(\d+)")
WAITING = ("queued", "sending", "held")
WORDS = ("sent", "failed", "delivered", "read")
RANK = {
    status: rank for rank, status in enumerate((*WAITING, "expired", "unknown", "accepted", *WORDS))
}
PROOF = ("delivered", "read")

# Graph's answers: the stand-in's step, and what is to become of the message.
ANSWERS: dict[str, tuple[dict | None, str]] = {
    "accepted": ({}, "accepted"),
    "refused": ({"code": 131026}, "failed"),
    "too fast": ({"code": 130429}, "queued"),
    "too many to one person": ({"code": 131056}, "queued"),
    "dead token": ({"code": 190, "http": 401}, "held"),
    "closed after reading": ({"then": "close"}, "unknown"),
    "bad gateway": ({"http": 502}, "unknown"),
    "no connection": (None, "queued"),
}


class Post(NamedTuple):
    """One that reached Graph. `orders`: how many orders to send the message again there had
    been.
    """

    attempt: int
    answer: str
    wamid: str | None
    number: str
    orders: int

    @property
    def may_have_arrived(self) -> bool:
        return ANSWERS[self.answer][1] not in ("queued", "held")


class Model:
    def __init__(self, world: World) -> None:
        self.posts: dict[UUID, list[Post]] = defaultdict(list)
        self.accepted: list[dict] = []  # the ledger's entries that have a wamid
        self.settled: dict[tuple[UUID, int], set[str]] = defaultdict(set)
        self.orders_at_mark: dict[tuple[UUID, int], int] = {}
        self.holders: dict[UUID, UUID] = {}  # whose lease of a message was the last
        self.world = world

    def post(self, entry: dict, answer: str, orders: Counter[UUID]) -> None:
        """A POST reached Graph. There is none after one that may have arrived, but by an order."""
        name, number = REFERENCE.fullmatch(entry["message"]["biz_opaque_callback_data"]).groups()
        message_id, attempt = UUID(name), int(number)
        new = Post(attempt, answer, entry["wamid"], entry["phone_number_id"], orders[message_id])
        if earlier := self.posts[message_id]:
            assert earlier[-1].attempt < attempt, "one attempt was posted twice"
            assert not earlier[-1].may_have_arrived or earlier[-1].orders < new.orders, (
                "posted again, and nobody ordered it"
            )
        self.posts[message_id].append(new)
        self.orders_at_mark.setdefault((message_id, attempt), orders[message_id])
        if new.wamid:
            self.accepted.append(entry)

    def post_of(self, row: Any) -> Post | None:
        """The POST of its current attempt: the one that it has the id of, where it has one."""
        posts = self.posts[row.id]
        named = [post for post in posts if post.wamid and post.wamid == row.external_id]
        return next(
            (post for post in [*named, *posts] if post in named or post.attempt == row.attempts),
            None,
        )

    def is_ordered_anew(self, row: Any, world: World) -> bool:
        """Its next attempt was ordered, and has not begun."""
        return row.external_id is None and world.orders[row.id] > self.orders_at_mark.get(
            (row.id, row.attempts), 0
        )

    def mark(
        self,
        dispatches: list[dispatch.Dispatch],
        ids: list[UUID],
        lease: UUID,
        world: World,
        sending: set[str],
    ) -> None:
        """Exactly those are sent whose lease this still is, which may be sent, and before which
        nothing waits.
        """
        rows = [world.messages[message_id] for message_id in ids]
        mine = [
            row
            for row in rows
            if row.status == "queued" and row.lease == lease and row.slug in sending
        ]
        assert {each.message.id for each in dispatches} == {
            row.id for row in mine if not world.waiting_before(row)
        }, "marked"
        for each in dispatches:
            assert self.holders.pop(each.message.id) == lease, (
                "marked under a lease that is another's"
            )
            self.orders_at_mark[each.message.id, each.message.attempts] = world.orders[
                each.message.id
            ]

    def settle(self, outcome: Outcome, before: World, after: World) -> None:
        """An outcome counts for its own attempt, as long as nothing better is known, or ends the
        waiting for another if it was accepted after all; else it names the message at most.
        """
        old, new = before.messages[outcome.message_id], after.messages[outcome.message_id]
        self.settled[old.id, outcome.attempt].add(outcome.status)
        counts = old.attempts == outcome.attempt and old.status in ("sending", "unknown")
        ends = (
            old.attempts > outcome.attempt
            and old.status in ("queued", "held")
            and outcome.status == "accepted"
        )
        then = outcome.status if counts or ends else old.status
        # by a status that was waiting
        is_raised = new.external_id and new.status in WORDS and RANK[new.status] >= RANK[then]
        assert new.status == then or is_raised, (
            f"{old.status}, then {outcome.status}, became {new.status}"
        )

    def check(self, world: World, active: set[str]) -> None:
        assert world.strangers == []
        check_arrivals(world)
        check_links(world, self.posts)
        words = words_of_wamids(world)
        for row in world.replies():
            self.check_status(row, world, words)
            self.check_attempts(row, world)
        self.check_moves(self.world, world)
        check_answers(self.world, world, active)
        self.world = world

    def check_status(self, row: Any, world: World, words: dict[tuple[str, str], set[str]]) -> None:
        """It shows nothing that was not said, and hides nothing that was."""
        post, is_anew = self.post_of(row), self.is_ordered_anew(row, world)
        said = {
            each.wamid: words[each.number, each.wamid] for each in self.posts[row.id] if each.wamid
        }
        current = said.get(post.wamid, set()) if post else set()
        assert row.is_due == (row.status in WAITING), f"{row.status} and due or not"
        match row.status:
            case "accepted":
                assert post and post.wamid and not is_anew, "accepted by nobody"
            case "sent":
                assert any("sent" in each and "failed" not in each for each in said.values()), (
                    "sent, which nobody said"
                )
            case "delivered" | "read":
                assert any(row.status in each for each in said.values()), (
                    f"{row.status}, which nobody said"
                )
            case "failed":
                assert post and (post.answer == "refused" or "failed" in current), (
                    "failed, which nobody said of this attempt"
                )
                assert not is_anew, "failed after an order to send it again"
            case "unknown":
                assert row.attempts and not is_anew
        if not is_anew and "accepted" in self.settled[row.id, row.attempts]:
            assert RANK[row.status] >= RANK["accepted"], "its acceptance was recorded and is gone"
        linked = [each.word for each in world.statuses if each.message_id == row.id]
        if proven := [RANK[word] for word in linked if word in PROOF]:
            assert RANK[row.status] >= max(proven), "its delivery was recorded and is gone"
        if row.is_double:
            assert len(said) > 1, "sent twice, which it was not"

    def check_attempts(self, row: Any, world: World) -> None:
        """What is kept of each try is what Graph said, or that nobody knows."""
        assert len(self.posts[row.id]) <= row.attempts
        for post in self.posts[row.id]:
            kept = world.attempts.get((row.id, post.attempt))
            assert not kept or kept.outcome in (ANSWERS[post.answer][1], "unknown")
            assert not kept or kept.external_id in (post.wamid, None)
        assert row.external_id in {None, *(post.wamid for post in self.posts[row.id])}

    def check_moves(self, before: World, after: World) -> None:
        """A status goes down only by an order, and an unknown one by its own late outcome."""
        for old in before.replies():
            new = after.messages[old.id]
            if RANK[new.status] >= RANK[old.status] or old.status in WAITING:
                continue
            if after.orders[old.id] > before.orders[old.id]:
                assert old.status in ("failed", "unknown", "expired")
            else:
                assert (
                    old.status == "unknown" and new.status in self.settled[old.id, old.attempts]
                ), f"{old.status} became {new.status}"

    def check_end(self, world: World) -> None:
        """Nothing waits; every status that can be told whose it is has found its message and
        counts.
        """
        assert {row.status for row in world.replies()} & {*WAITING, "expired"} == set()
        links = {(each.number, each.wamid, each.word): each.message_id for each in world.statuses}
        words = words_of_wamids(world)
        for word in world.recorded[1]:
            for message_id, post in self.posts_of(word.wamid):
                row = world.messages[message_id]
                if post.number == word.number and (
                    word.is_referenced or row.external_id == post.wamid
                ):
                    assert links[word[:3]] == message_id, "a status has not found its message"
                    self.check_last_word(row, word.word)
        for row in world.replies():
            posts = [
                post
                for post in self.posts[row.id]
                if post.wamid and "accepted" in self.settled[row.id, post.attempt]
            ]
            arrived = [post for post in posts if "failed" not in words[post.number, post.wamid]]
            assert row.is_double or len(arrived) < 2, "it was sent twice, and nobody noted it"

    def posts_of(self, wamid: str) -> list[tuple[UUID, Post]]:
        return [
            (message_id, post)
            for message_id, posts in self.posts.items()
            for post in posts
            if post.wamid == wamid
        ]

    def check_last_word(self, row: Any, word: str) -> None:
        post = self.post_of(row)
        is_of_the_last = post and post.wamid and len(self.posts[row.id]) == 1
        assert RANK[row.status] >= RANK[word] or not (is_of_the_last or word in PROOF), (
            f"{word}, and shown as {row.status}"
        )


def words_of_wamids(world: World) -> dict[tuple[str, str], set[str]]:
    """What Meta said of each (number, wamid), as far as it has found its message."""
    words = defaultdict(set)
    for each in world.statuses:
        if each.message_id:
            words[each.number, each.wamid].add(each.word)
    return words


def check_arrivals(world: World) -> None:
    """Every message and every status that was told is stored once, and nothing else."""
    inbound = [
        (row.number, row.external_id)
        for row in world.messages.values()
        if row.direction == "inbound"
    ]
    statuses = [(each.number, each.wamid, each.word) for each in world.statuses]
    (recorded, words), (told, all_words) = world.recorded, world.told
    assert len(set(inbound)) == len(inbound) and recorded <= set(inbound) <= told
    assert len(set(statuses)) == len(statuses) and {word[:3] for word in words} <= set(
        statuses
    ) <= {w[:3] for w in all_words}
    assert [
        row
        for row in world.messages.values()
        if row.direction == "inbound" and not row.text.endswith(row.slug)
    ] == []


def check_links(world: World, posts: dict[UUID, list[Post]]) -> None:
    """A status belongs to the message whose POST got its wamid, at the number that posted it."""
    for each in world.statuses:
        if each.message_id:
            assert (each.number, each.wamid) in {
                (post.number, post.wamid) for post in posts[each.message_id]
            }


def check_answers(before: World, after: World, active: set[str]) -> None:
    """One answer to each message that came in while its tenant was active, none to another."""
    answers = Counter(row.in_reply_to_id for row in after.replies())
    for row in after.messages.values():
        if row.direction == "inbound" and row.id not in before.messages:
            assert answers[row.id] == (row.slug in active), "answered more or less than once"
    assert max(answers.values(), default=0) <= 1
