"""Message templates of business accounts, as their provider last reported them: by webhook or in a
whole list.

Both come late, twice and in any order, so each value keeps the moment that it was reported for, and
only newer ones replace it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from channels_app.latest_wins import stamp
from channels_app.models.channel import Channel
from channels_app.models.logged_event import LoggedEvent
from channels_app.results import ListedTemplate
from channels_app.storable import ID_BYTES, KIND_LENGTH, storable_text
from tenants.models import TenantManager, TenantModel

REASON_LENGTH = 500
AT_ONCE = 200  # rows of one statement: an account may have thousands
DELETED, APPROVED = "deleted", "approved"
REPORTED = (
    "external_id",
    "status",
    "category",
    "quality",
    "rejected_reason",
    "parameter_format",
    "components",
)

LISTED = ("name", "language", "status", "category", "parameter_format", "components")
Key = tuple[UUID, str, str, str, str]  # tenant, kind, account, name, language
Components = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """What a provider reported of a template, and for when; `values`: some of REPORTED."""

    key: Key
    values: Mapping[str, Any]
    at: datetime


class MessageTemplateManager(TenantManager["MessageTemplate"]):
    def of(self, channel: Channel) -> models.QuerySet["MessageTemplate"]:
        """Return the templates of a channel's account, as its tenant knows them: another may have
        the same account. A test channel has those of every account of the tenant.
        """
        owned = self.filter(tenant=channel.tenant_id, kind=channel.kind)
        return owned if channel.is_test else owned.filter(account_id=channel.account_id)

    def apply(self, reports: Iterable[TemplateReport]) -> None:
        """Apply changes of templates, known or not. Of `components`, those of the same `type` are
        replaced.
        """
        in_time = sorted(reports, key=lambda report: report.at)
        if not in_time:
            return
        templates = self._locked({report.key for report in in_time})
        before = statuses_of(templates.values())
        for report in in_time:
            template = templates[report.key]
            template.merge_newer({**report.values, **template.joined(report.values)}, report.at)
        self.bulk_update(
            templates.values(), [*REPORTED, "told_at", "changed_at"], batch_size=AT_ONCE
        )
        log_changes(templates.values(), before)

    def sync(
        self,
        tenant_id: UUID,
        kind: str,
        account_id: str,
        listed: Iterable[ListedTemplate],
        *,
        began_at: datetime,
    ) -> None:
        """Make an account's templates what the provider lists, as it was asked at `began_at`; a
        template that it no longer lists was deleted.

        What was reported for a later moment stays. Ask the provider first, outside any scope.
        """
        found = {
            (tenant_id, kind, account_id, template.name, template.language): template
            for template in listed
        }
        self._add(found)
        rows = self.filter(tenant=tenant_id, kind=kind, account_id=account_id)
        templates = list(rows.order_by("id").select_for_update(no_key=True))
        before = statuses_of(templates)
        for template in templates:
            if template.key in found:
                values = {word: getattr(found[template.key], word) for word in REPORTED}
                template.merge_newer(values, began_at)
                template.synced_at = max(began_at, template.synced_at or began_at)
            elif max(template.told_at.values(), default="") < stamp(began_at):
                template.merge_newer({"status": DELETED}, began_at)
        self.bulk_update(
            templates, [*REPORTED, "told_at", "changed_at", "synced_at"], batch_size=AT_ONCE
        )
        log_changes(templates, before)

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
        locked = rows.order_by("id").select_for_update(no_key=True)
        return {template.key: template for template in locked if template.key in keys}


def statuses_of(templates: Iterable["MessageTemplate"]) -> dict[UUID, str]:
    return {template.id: template.status for template in templates}


def log_changes(templates: Iterable["MessageTemplate"], before: Mapping[UUID, str]) -> None:
    """Log the status of each template that had another one before."""
    LoggedEvent.objects.append(
        LoggedEvent.of_template(template)
        for template in templates
        if template.status != before[template.id]
    )


class MessageTemplate(TenantModel):
    """A message template. `kind` is the provider, `told_at` the moment each value was reported for;
    a status that is unknown is empty.
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
        indexes = [
            models.Index(fields=["name", "id"], name="template_by_name"),
            models.Index(fields=["account_id"], name="template_by_account"),
            models.Index(fields=["external_id"], name="template_by_external_id"),
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

    def as_listed(self) -> dict[str, Any]:
        """Return the definition that its provider reads."""
        return {word: getattr(self, word) for word in LISTED}

    def merge_newer(self, values: Mapping[str, Any], at: datetime) -> None:
        """Take over the values that were reported for a later moment than the known ones."""
        newer = {
            word: values[word]
            for word in REPORTED
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
        """Return the template's components, those of `values` in the place of their own type."""
        if "components" not in values:
            return {}
        known = {component.get("type"): component for component in self.components}
        changed = {component.get("type"): component for component in values["components"]}
        return {"components": list((known | changed).values())}

    def _length(self, word: str) -> int:
        return self._meta.get_field(word).max_length  # type: ignore[union-attr, return-value]
