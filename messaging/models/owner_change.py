"""History of who had a thread on a channel that several responders share."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_app.events import OwnerSource, ThreadOwner
from messaging.models.conversation import Conversation
from messaging.models.message import Message
from messaging.models.owner_word import OwnerWord
from messaging.models.places import Place
from tenants.database import insertion
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel


class OwnerChangeManager(TenantManager["OwnerChange"]):
    def record(self, messages: Iterable[Message], places: Iterable[Place]) -> None:
        """Record what these messages told of the owners of their threads."""
        told = {
            place.conversation_id: (message.tenant_id, place.ownership.heard)
            for message, place in zip(messages, places, strict=True)
            if place.ownership
        }
        insertion.insert(
            OwnerChange.of(tenant_id, conversation_id, word)
            for conversation_id, (tenant_id, words) in told.items()
            for word in words
        )


class OwnerChange(TenantModel):
    """A word about a thread's owner. `occurred_at`: the moment that it speaks of; a word may come
    after newer ones, and then changes nothing. `note`: what the previous owner said of it.
    """

    conversation = within_tenant(Conversation, related_name="owner_changes")
    owner = models.CharField(max_length=6, choices=ThreadOwner)
    told_by = models.CharField(max_length=11, choices=OwnerSource)
    note = models.CharField(max_length=2000, blank=True)
    by = models.CharField(max_length=150, blank=True, help_text=_("Who ordered it here."))
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[OwnerChangeManager] = OwnerChangeManager()

    class Meta(TenantModel.Meta):
        db_table = "conversation_owner_changes"
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(owner__in=ThreadOwner.values, told_by__in=OwnerSource.values),
                name="owner_change_of_known_words",
            ),
            TenantForeignKey(
                name="owner_change_in_a_conversation_of_the_tenant", field="conversation"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "conversation", "occurred_at"], name="owner_change_in_order"
            )
        ]

    @classmethod
    def of(
        cls, tenant_id: UUID, conversation_id: UUID, word: OwnerWord, by: str = ""
    ) -> "OwnerChange":
        return cls(
            tenant_id=tenant_id,
            conversation_id=conversation_id,
            owner=word.owner,
            told_by=word.told_by,
            note=word.note,
            by=by,
            occurred_at=word.at,
        )

    def __str__(self) -> str:
        return f"{self.get_owner_display()}: {self.get_told_by_display()}"
