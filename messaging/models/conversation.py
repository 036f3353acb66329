"""A contact's thread on one channel."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_app.events import Echo, HistoryMessage, Ids, InboundMessage, MessageEvent
from channels_app.models import Channel
from messaging import sql
from messaging.arrivals import Routed
from messaging.models.answering import AnsweredByPeople, LeavesToPeople
from messaging.models.contact import Contact
from messaging.models.owner_events import shared_among
from messaging.models.places import Place, Progress, is_opening, place_in_history, sent_at
from messaging.models.reply_window import window_after, window_of_thread
from messaging.models.thread_owner import Owned
from tenants import naming
from tenants.database import insertion
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

Key = tuple[UUID, UUID, str]  # channel, contact, group


class ConversationManager(LeavesToPeople, TenantManager["Conversation"]):
    def places_for(
        self, messages: list[Routed[MessageEvent]], contacts: list[Contact]
    ) -> list[Place]:
        """Opens each message's conversation where there is none, and gives every message its place,
        in order.

        A live message takes two numbers: its own, and the next one for its automatic answer. The
        contacts must be locked.
        """
        if not messages:
            return []
        keys = [
            (each.channel.id, contact.id, each.arrival.event.group_external_id)
            for each, contact in zip(messages, contacts, strict=True)
        ]
        conversations = self._open(keys, messages)
        shared = shared_among(messages)
        moved: dict[UUID, Progress] = {}
        places = []
        for key, each in zip(keys, messages, strict=True):
            conversation = conversations[key]
            if conversation.id not in moved:
                is_shared = each.channel.id in shared or conversation.owner
                has_owner = is_shared and not conversation.group_external_id
                moved[conversation.id] = Progress(conversation.ownership() if has_owner else None)
            progress = moved[conversation.id]
            opens = not progress.is_opened and conversation.is_opened_by(each)
            progress.is_opened |= opens
            places.append(conversation.place_for(each, progress, opens=opens))
            conversation.advance(progress, each)
        self._advance(moved)
        return places

    def close_windows(self, message_ids: list[UUID]) -> set[UUID]:
        """Close the windows of messages that the provider refused for its window, in a transaction
        after theirs. Returns the messages whose conversation somebody else holds locked.
        """
        if not message_ids:
            return set()
        rows = sql.run("conversations/close_windows", message_ids=message_ids)
        return {row["message_id"] for row in rows}

    def _open(
        self, keys: list[Key], messages: list[Routed[MessageEvent]]
    ) -> dict[Key, "Conversation"]:
        wanted = dict(zip(keys, messages, strict=True))
        opening = {key for key, each in zip(keys, messages, strict=True) if is_opening(each)}
        channel_ids, contact_ids, groups = zip(*sorted(wanted), strict=True)
        rows = sql.run(
            "conversations/lock_conversations",
            channel_ids=list(channel_ids),
            contact_ids=list(contact_ids),
            groups=list(groups),
        )
        found = {
            (each.channel_id, each.contact_id, each.group_external_id): each
            for each in (Conversation(**row) for row in rows)
        }
        opened = {
            key: Conversation(
                tenant_id=each.channel.tenant_id,
                channel_id=key[0],
                contact_id=key[1],
                group_external_id=key[2],
                status=Conversation.Status.OPEN if key in opening else Conversation.Status.CLOSED,
                last_message_at=sent_at(each),
            )
            for key, each in wanted.items()
            if key not in found
        }
        insertion.insert(opened.values())
        for conversation in opened.values():
            conversation.is_new = True
        return found | opened

    def _advance(self, moved: dict[UUID, Progress]) -> None:
        live = {conversation_id: each for conversation_id, each in moved.items() if each.taken}
        rows = [each.columns() for each in live.values()]
        if rows:
            arrays = {name: [row[name] for row in rows] for name in rows[0]}
            sql.run("conversations/advance_conversations", ids=list(live), **arrays)


class Conversation(Owned, AnsweredByPeople, TenantModel):
    """`window_closes_at`: until when the provider lets us write freely; counted from the contact's
    own messages alone.

    `reply_to`: the id that the contact last wrote from. `read_seq`: up to which place the contact
    sees that we have read. `merged_into`: has all messages that were here.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    channel = within_tenant(Channel, related_name="+")
    contact = within_tenant(Contact, related_name="conversations")
    group_external_id = models.CharField(max_length=512, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.OPEN)
    reply_to = models.CharField(max_length=512, blank=True, default="", db_default="")
    last_seq = models.BigIntegerField(default=0)
    last_message_at = models.DateTimeField(default=timezone.now)
    read_seq = models.BigIntegerField(default=0, db_default=0)
    last_inbound_at = models.DateTimeField(null=True)
    window_closes_at = models.DateTimeField(null=True)
    merged_into = within_tenant("self", null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # of a row that is being recorded: it was not there before
    is_new = False

    objects: ClassVar[ConversationManager] = ConversationManager()

    class Meta(TenantModel.Meta):
        db_table = "conversations"
        constraints = [
            *TenantModel.Meta.constraints,
            *Owned.constraints,
            *AnsweredByPeople.constraints,
            models.UniqueConstraint(
                fields=["channel", "contact", "group_external_id"],
                name="one_conversation_per_channel_and_contact",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "closed"]), name="conversation_status_known"
            ),
            TenantForeignKey(name="conversation_on_a_channel_of_the_tenant", field="channel"),
            TenantForeignKey(name="conversation_with_a_contact_of_the_tenant", field="contact"),
            TenantForeignKey(
                name="conversation_merged_into_one_of_the_tenant", field="merged_into"
            ),
        ]
        indexes = [
            *AnsweredByPeople.indexes,
            models.Index(
                fields=["tenant", "-last_message_at", "-id"], name="conversation_newest_in_tenant"
            ),
            models.Index(fields=["tenant", "contact"], name="conversation_by_contact"),
            models.Index(
                fields=["tenant", "status", "-last_message_at"],
                name="conversation_by_status_newest",
            ),
            # of all tenants, as operators see them
            models.Index(fields=["last_message_at", "id"], name="conversation_written_in_last"),
            models.Index(fields=["window_closes_at", "id"], name="conversation_by_window"),
        ]

    def __str__(self) -> str:
        return ", ".join(naming.loaded(self, "contact", "channel")) or gettext("a conversation")

    def addresses(self) -> Ids:
        """Where a message may go, the best first: the id that the contact last wrote from, as long
        as it is theirs; then the newest of those in use, rather not one of another account.
        """
        accounts = ("", self.channel.account_id)
        in_use = self.contact.identities.filter(tenant=self.tenant_id, is_active=True)
        best = sorted(
            in_use,
            key=lambda each: (each.value == self.reply_to, each.account_id in accounts, each.id),
            reverse=True,
        )
        return tuple((each.kind, each.value) for each in best)

    def is_opened_by(self, routed: Routed[MessageEvent]) -> bool:
        """Return whether the first such message opens it: any where it is new, a live one where it
        was closed.
        """
        is_live = not isinstance(routed.arrival.event, HistoryMessage)
        is_closed = is_live and self.status == self.Status.CLOSED
        return is_opening(routed) and (self.is_new or is_closed)

    def place_for(self, routed: Routed[MessageEvent], progress: Progress, *, opens: bool) -> Place:
        """Live messages queue up; what was written before we were connected stands where its time
        puts it.
        """
        at = sent_at(routed)
        is_staffs = isinstance(routed.arrival.event, Echo)
        is_taken = is_staffs and not progress.is_taken and self.has_waited_at(at)
        progress.is_taken |= is_taken
        seq = (
            place_in_history(at, routed.arrival.position)
            if isinstance(routed.arrival.event, HistoryMessage)
            else self.last_seq + progress.taken + 1
        )
        pauses = (self.replies_paused_until, progress.paused_until)
        paused = max(filter(None, pauses), default=None)
        return Place(
            self.id,
            seq,
            at,
            self.last_inbound_at,
            paused,
            opens,
            waits=self.waiting_since is not None and not progress.is_taken,
            is_taken=is_taken,
            ownership=progress.ownership,
        )

    def advance(self, progress: Progress, routed: Routed[MessageEvent]) -> None:
        """What a message moves forward: never history, the window only by the contact's own, and
        not in a group.
        """
        event, at = routed.arrival.event, sent_at(routed)
        if isinstance(event, HistoryMessage):
            return
        progress.taken += 2
        progress.is_open |= is_opening(routed)
        progress.message_at = max(progress.message_at or at, at)
        known = progress.ownership
        if known and known.hear_message(routed, at):
            progress.open_window(window_of_thread(known, routed.channel.kind))
        if isinstance(event, InboundMessage):
            if progress.inbound_at is None or at >= progress.inbound_at:
                progress.inbound_at, progress.reply_to = at, event.reply_to
            if not self.group_external_id:
                progress.open_window(window_after(progress.inbound_at, routed.channel.kind))
        elif isinstance(event, Echo):
            progress.staff_write(at, minutes=routed.channel.tenant.staff_pause_minutes)
