"""The message templates of business accounts, as their provider last told of them: by webhook or in
a whole list.

Both come late, twice and in any order, so each value keeps the moment it was told for, and only
newer ones replace it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from channels_app.latest_wins import stamp
from channels_app.results import ListedTemplate
from channels_app.storable import ID_BYTES, KIND_LENGTH, storable_text
from tenants.models import TenantManager, TenantModel

REASON_LENGTH = 500
AT_ONCE = 200  # rows of one statement: an account may have thousands
DELETED = "deleted"
TOLD = (
    "external_id",
    "status",
    "category",
    "quality",
    "rejected_reason",
    "parameter_format",
    "components",
)

Key = tuple[UUID, str, str, str, str]  # tenant, kind, account, name, language
Components = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider said of a template, and when; `values`: some of TOLD."""

    key: Key
    values: Mapping[str, Any]
    at: datetime


class MessageTemplateManager(TenantManager["MessageTemplate"]):
    def apply(self, told: Iterable[Told]) -> None:
        """Changes of templates, known or not. Of `components`, those of the same `type` are
        replaced.
        """
        in_time = sorted(told, key=lambda each: each.at)
        if not in_time:
            return
        templates = self._locked({each.key for each in in_time})
        for each in in_time:
            template = templates[each.key]
            template.hear({**each.values, **template.joined(each.values)}, each.at)
        self.bulk_update(templates.values(), [*TOLD, "told_at", "changed_at"], batch_size=AT_ONCE)

    def sync(
        self,
        tenant_id: UUID,
        kind: str,
        account_id: str,
        listed: Iterable[ListedTemplate],
        *,
        began_at: datetime,
    ) -> None:
        """Everything the provider lists for an account, asked for at `began_at`; what it no longer
        lists was deleted.

        What was told for a later moment stands. Ask the provider first, outside any scope.
        """
        found = {(tenant_id, kind, account_id, each.name, each.language): each for each in listed}
        self._add(found)
        rows = self.filter(tenant=tenant_id, kind=kind, account_id=account_id)
        templates = list(rows.order_by("id").select_for_update(no_key=True))
        for template in templates:
            if template.key in found:
                template.hear({word: getattr(found[template.key], word) for word in TOLD}, began_at)
                template.synced_at = max(began_at, template.synced_at or began_at)
            elif max(template.told_at.values(), default="") < stamp(began_at):
                template.hear({"status": DELETED}, began_at)
        self.bulk_update(
            templates, [*TOLD, "told_at", "changed_at", "synced_at"], batch_size=AT_ONCE
        )

    def _add(self, keys: Iterable[Key]) -> None:
        self.bulk_create(
            (MessageTemplate.of(key) for key in sorted(keys)),
            batch_size=AT_ONCE,
            ignore_conflicts=True,
        )

    def _locked(self, keys: set[Key]) -> dict[Key, "MessageTemplate"]:
        self._add(keys)
        tenants, _, accounts, names, _ = (set(column) for column in zip(*keys, strict=True))
        rows = self.filter(tenant__in=tenants, account_id__in=accounts, name__in=names)
        return {
            each.key: each
            for each in rows.order_by("id").select_for_update(no_key=True)
            if each.key in keys
        }


class MessageTemplate(TenantModel):
    """`kind` is the provider, `told_at` the moment each value was told for; a status that is
    unknown is empty.
    """

    kind = models.CharField(max_length=20)
    account_id = models.CharField(max_length=128)
    external_id = models.CharField(max_length=ID_BYTES, blank=True)
    name = models.CharField(max_length=ID_BYTES)
    language = models.CharField(max_length=ID_BYTES)
    category = models.CharField(max_length=KIND_LENGTH, blank=True)
    status = models.CharField(max_length=KIND_LENGTH, blank=True)
    quality = models.CharField(max_length=KIND_LENGTH, blank=True)
    rejected_reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    parameter_format = models.CharField(max_length=KIND_LENGTH, blank=True)
    components: Any = models.JSONField(default=list)
    told_at: Any = models.JSONField(default=dict)
    changed_at = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)

    objects: ClassVar[MessageTemplateManager] = MessageTemplateManager()

    class Meta(TenantModel.Meta):
        db_table = "message_templates"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "kind", "account_id", "name", "language"],
                name="template_known_once_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    @classmethod
    def of(cls, key: Key) -> "MessageTemplate":
        tenant_id, kind, account_id, name, language = key
        return cls(
            tenant_id=tenant_id, kind=kind, account_id=account_id, name=name, language=language
        )

    @property
    def key(self) -> Key:
        return self.tenant_id, self.kind, self.account_id, self.name, self.language

    def hear(self, values: Mapping[str, Any], at: datetime) -> None:
        """Take over what was told for a later moment than what is known."""
        newer = {
            word: values[word]
            for word in TOLD
            if word in values and stamp(at) > self.told_at.get(word, "")
        }
        if any(getattr(self, word) != value for word, value in newer.items()):
            self.changed_at = max(at, self.changed_at or at)
        for word, value in newer.items():
            setattr(
                self,
                word,
                value if word == "components" else storable_text(value, self._length(word)),
            )
            self.told_at[word] = stamp(at)

    def joined(self, values: Mapping[str, Any]) -> dict[str, Components]:
        """The components with those that `values` tells of in the place of their own type."""
        if "components" not in values:
            return {}
        known = {each.get("type"): each for each in self.components}
        return {
            "components": list(
                (known | {each.get("type"): each for each in values["components"]}).values()
            )
        }

    def _length(self, word: str) -> int:
        return self._meta.get_field(word).max_length  # type: ignore[union-attr, return-value]
