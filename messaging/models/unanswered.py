"""Why a message that reached us got no automatic reply."""

from django.db import models


class Unanswered(models.TextChoices):
    """The reason, in the order in which it is looked for: the first that applies is kept with the
    message.
    """

    STANDBY = "standby", "It was written to another responder."
    HISTORY = "history", "It is from the phone's history."
    GROUP = "group", "It was written to a group."
    KIND = "kind", "Messages of this kind are never answered."
    BLOCKED = "blocked", "The contact is blocked."
    NOT_OURS = "not_ours", "Another responder has the thread."
    IDLE = "idle", "Nobody has the thread any more, and a reply would take it."
    SUSPENDED = "suspended", "The tenant is suspended."
    TOO_OLD = "too_old", "It was more than seven days old when it came."
    SUPERSEDED = "superseded", "The contact had written again before it came."
    PAUSED = "paused", "Staff had just written to the contact in the phone app."
    LIMIT = "limit", "The contact had all automatic replies that the tenant allows in an hour."
    NO_TEXT = "no_text", "No automatic reply is set."
    DECLINED = "declined", "The reply strategy gave no reply."
    FAILED = "failed", "The reply strategy failed."
