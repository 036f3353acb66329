"""Carry out an order to erase a contact. Each step is a short transaction and may be repeated: a
process that is killed leaves an order that another one goes on with.

Until the last step the contact's ids stay, so that what comes meanwhile is found and goes, too;
whoever writes afterwards is somebody new.
"""

from uuid import UUID

from django.utils import timezone

from channels_app import event_log
from messaging import sql
from messaging.contacts import decisions
from messaging.logged.contacts import erased
from messaging.models import Contact, Erasure
from messaging.privacy.catalogue import ATTEMPTS, BEFORE_MESSAGES, FILES, LAST, MESSAGES
from messaging.privacy.deliveries import is_clean_now, scan
from messaging.privacy.files import delete_files
from messaging.privacy.messages import cancel_waiting, delete_messages
from messaging.privacy.portions import delete_part, delete_rows, step
from messaging.privacy.subject import Subject, subject_of

ROUNDS = 5  # of a contact who keeps writing; then others have their turn
WaitsFor = Erasure.WaitsFor


def erase(erasure_id: UUID) -> Erasure:
    """Go on with an order until it is finished or has to wait. Returns it as it is then."""
    waits_for = ""
    for _ in range(ROUNDS):
        subject = silenced(erasure_id)
        if subject is None:
            break
        if waits_for := clear(erasure_id, subject):
            break
        finish(erasure_id, subject)
    else:
        waits_for = WaitsFor.WRITING
    with step(erasure_id) as erasure:
        erasure.waits_for = "" if erasure.finished_at else waits_for
    return erasure


def silenced(erasure_id: UUID) -> Subject | None:
    """Return whom the order is about, None where it is finished. From now on nothing is answered or
    sent to them.
    """
    with step(erasure_id) as erasure:
        if erasure.contact_id is None:
            return None
        erasure.begun_at = erasure.begun_at or timezone.now()
        subject = subject_of(erasure.tenant_id, erasure.contact_id)
        contacts = Contact.objects.filter(id__in=subject.contact_ids, blocked_at=None)
        decisions.block(contacts, by=erasure.by)
    return subject


def clear(erasure_id: UUID, subject: Subject) -> str:
    """Erase everything but the contact itself. Returns what is to be waited for; empty: nothing."""
    is_idle = cancel_waiting(erasure_id, subject)
    is_clean = scan(erasure_id, subject)
    for part in BEFORE_MESSAGES:
        delete_part(erasure_id, part, subject)
    delete_files(erasure_id, subject)
    delete_messages(erasure_id, subject)
    if not is_idle:
        return WaitsFor.SENDING
    return "" if is_clean else WaitsFor.DELIVERIES


def finish(erasure_id: UUID, subject: Subject) -> None:
    """Erase the contact itself, if nothing has come since the rest was erased, and tell the readers
    of the event log.
    """
    with step(erasure_id) as erasure:
        sql.run("contacts/lock_senders", names=subject.locks)
        Contact.objects.locked(subject.contact_ids)
        if erasure.finished_at or not is_gone(erasure, subject):
            return
        for part in LAST:
            ids = list(part.rows(subject).values_list("id", flat=True))
            erasure.count(part.table, delete_rows(part, ids))
        event_log.append(erased(subject.tenant_id, each) for each in subject.contact_ids)
        erasure.finished_at, erasure.contact_id, erasure.scanned_to = timezone.now(), None, None


def is_gone(erasure: Erasure, subject: Subject) -> bool:
    """Return whether nothing but the contact itself is left, nor has become known of it."""
    rest = (*BEFORE_MESSAGES, *FILES, ATTEMPTS, MESSAGES)
    return (
        subject_of(subject.tenant_id, subject.contact_ids[0]) == subject
        and not any(part.rows(subject).exists() for part in rest)
        and is_clean_now(erasure, subject)
    )
