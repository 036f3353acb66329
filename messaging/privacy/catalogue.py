"""What belongs to a person, table by table: each table of the database stands in exactly one of the
lists here. A test compares them with the database's own catalogue.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from channels_app.models import ChannelEvent, LoggedEvent
from messaging.models import (
    Attempt,
    ChannelProbe,
    Contact,
    ContactChange,
    ContactIdentity,
    Conversation,
    DeferredReply,
    IdempotencyKey,
    Media,
    MediaUpload,
    Message,
    MessageStatus,
    OwnerChange,
    Resend,
    Settlement,
    ThreadOrder,
    WebhookAttempt,
    WebhookSetAside,
)
from messaging.privacy.subject import Subject
from tenants.models import TenantModel

NOBODY = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a table that belong to a person."""

    model: type[TenantModel]
    which: Callable[[Subject], Q]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def rows(self, subject: Subject) -> QuerySet[Any]:
        """Return the rows, in the caller's scope."""
        return self.model.objects.filter(self.which(subject), tenant=subject.tenant_id)


def any_of(conditions: list[Q]) -> Q:
    return reduce(or_, conditions, NOBODY)


def messages_of(subject: Subject) -> QuerySet[Message]:
    return Message.objects.filter(
        tenant=subject.tenant_id, conversation__in=subject.conversation_ids
    )


def by_message(subject: Subject) -> Q:
    return Q(message_id__in=messages_of(subject).values("id"))


def by_conversation(subject: Subject) -> Q:
    return Q(conversation__in=subject.conversation_ids)


def by_contact(subject: Subject) -> Q:
    return Q(contact__in=subject.contact_ids)


def by_file(subject: Subject) -> Q:
    return Q(media__in=Media.objects.filter(theirs(subject)).values("id"))


def files_of(subject: Subject) -> Q:
    return Q(id__in=messages_of(subject).exclude(attachment=None).values("attachment"))


def theirs(subject: Subject) -> Q:
    """Return the files of the person's messages that no message to others has, too."""
    others = Message.objects.filter(tenant=subject.tenant_id).exclude(attachment=None)
    shared = others.exclude(conversation__in=subject.conversation_ids)
    return files_of(subject) & ~Q(id__in=shared.values("attachment"))


def waiting_statuses(subject: Subject) -> Q:
    named = [Q(recipient_ids__contains=[[kind, value]]) for kind, value in subject.ids]
    return Q(message=None) & any_of(named)


def naming(column: str, words: list[str]) -> Q:
    return any_of([Q(**{f"{column}__contains": word}) for word in words])


def answers_about(subject: Subject) -> Q:
    return naming("answer", [str(id) for id in subject.stream_ids])


def events_of(subject: Subject) -> QuerySet[LoggedEvent]:
    return LoggedEvent.objects.filter(
        Q(stream_id__in=subject.stream_ids) | Q(subject_id__in=subject.stream_ids),
        tenant=subject.tenant_id,
    )


def by_event(subject: Subject) -> Q:
    return Q(event_id__in=events_of(subject).values("id"))


def provider_events(subject: Subject) -> Q:
    """Return what the provider told of the account in words that name the person."""
    quoted = [f'"{value}"' for value in subject.values]
    return any_of([Q(raw__icontains=word) for word in quoted])


# in the order in which they can be deleted: nothing refers to a row of an earlier table
BEFORE_MESSAGES = (
    Part(WebhookAttempt, by_event),
    Part(WebhookSetAside, lambda subject: Q(stream_id__in=subject.stream_ids)),
    Part(LoggedEvent, lambda subject: Q(id__in=events_of(subject).values("id"))),
    Part(IdempotencyKey, answers_about),
    Part(ChannelEvent, provider_events),
    Part(ChannelProbe, by_message),
    Part(MessageStatus, by_message),
    Part(MessageStatus, waiting_statuses),
    Part(MessageStatus, lambda subject: Q(participant__in=subject.values)),
    Part(Resend, by_message),
    Part(Settlement, by_message),
    Part(DeferredReply, by_message),
    Part(OwnerChange, by_conversation),
    Part(ThreadOrder, by_conversation),
)
FILES = (Part(MediaUpload, by_file), Part(Media, theirs))
ATTEMPTS = Part(Attempt, by_message)  # with their messages, whose ids they hold
MESSAGES = Part(Message, by_conversation)
LAST = (
    Part(ContactChange, lambda subject: by_contact(subject) | Q(other__in=subject.contact_ids)),
    Part(Conversation, by_contact),
    Part(ContactIdentity, by_contact),
    Part(Contact, lambda subject: Q(id__in=subject.contact_ids)),
)
PARTS = (*reversed(LAST), MESSAGES, ATTEMPTS, *FILES, *BEFORE_MESSAGES)


def rows_by_table(subject: Subject) -> Iterator[tuple[str, list[QuerySet[Any]]]]:
    """Yield each table with the person's rows of it, each in one of the querysets, in the caller's
    scope.
    """
    for table in dict.fromkeys(part.table for part in PARTS):
        parts = [part for part in PARTS if part.table == table]
        told = [part.which(subject) for part in parts]
        yield (
            table,
            [
                part.rows(subject).exclude(any_of(told[:number]))
                for number, part in enumerate(parts)
            ],
        )


# these hold items of many people: the person's are cut out
REDACTED = {
    "dead_letters": "items that could not be recorded; those of the person are deleted",
    "webhook_deliveries": "the bytes of webhooks; what they say is in messages and contacts",
}
NO_WORDS = "ids and names of fields alone, never what people wrote or a number"
STAFF = "about staff and members, not about people who write"
SETTINGS = "the business's own settings"
QUEUE = "arguments of tasks are ids alone"
EXCLUDED = {
    "alerts": "what is wrong with channels and processes, by their names",
    "api_keys": SETTINGS,
    "audit_entries": NO_WORDS,
    "auth_group": STAFF,
    "auth_group_permissions": STAFF,
    "auth_permission": STAFF,
    "axes_accessattempt": STAFF,
    "axes_accessattemptexpiration": STAFF,
    "axes_accessfailurelog": STAFF,
    "axes_accesslog": STAFF,
    "channel_moves": SETTINGS,
    "channel_paces": "how fast channels send",
    "channels": SETTINGS,
    "connect_links": SETTINGS,
    "django_admin_log": NO_WORDS,
    "django_content_type": "names of tables",
    "django_migrations": "names of migrations",
    "django_session": STAFF,
    "erased_messages": "keyed hashes, by which repeated webhooks are recognized",
    "erasures": "a keyed hash, numbers and moments; who ordered it",
    "invitations": STAFF,
    "memberships": STAFF,
    "message_templates": SETTINGS,
    "password_resets": STAFF,
    "procrastinate_events": QUEUE,
    "procrastinate_jobs": QUEUE,
    "procrastinate_periodic_defers": QUEUE,
    "procrastinate_workers": QUEUE,
    "recovery_codes": STAFF,
    "reply_choices": SETTINGS,
    "second_factors": STAFF,
    "tenants": SETTINGS,
    "users": STAFF,
    "users_groups": STAFF,
    "users_user_permissions": STAFF,
    "webhook_endpoints": SETTINGS,
    "whatsapp_deletions": "codes of people who took our app's permissions back, and hashes",
    "whatsapp_signups": SETTINGS,
    "worker_heartbeats": "hosts of processes",
}
