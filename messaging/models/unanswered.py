"""Why a message that reached us got no automatic reply."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unanswered(models.TextChoices):
    """The reason, in the order in which it is looked for: the first that applies is kept with the
    message, and said as what was so when it came.
    """

    STANDBY = "standby", _("It was written to another responder.")
    HISTORY = "history", _("It is from the phone's history.")
    GROUP = "group", _("It was written to a group.")
    KIND = "kind", _("Messages of this kind are never answered.")
    BLOCKED = "blocked", _("The contact was blocked.")
    NOT_OURS = "not_ours", _("Another responder had the thread.")
    IDLE = "idle", _("Nobody had the thread any more, and a reply would have taken it.")
    SUSPENDED = "suspended", _("The tenant was suspended.")
    TOO_OLD = "too_old", _("It was more than seven days old when it came.")
    SUPERSEDED = "superseded", _("The contact had written again before it came.")
    PEOPLE = "people", _("It was left to people: the conversation waited for one.")
    PAUSED = "paused", _("A person answered: staff had just written, or had the conversation.")
    LIMIT = "limit", _("The contact had all automatic replies that the tenant allows in an hour.")
    NO_TEXT = "no_text", _("No automatic reply was set.")
    DECLINED = "declined", _("The reply strategy gave no reply.")
    FAILED = "failed", _("The reply strategy failed.")
    BURST = "burst", _("The contact wrote again at once, and that message is answered.")
    LATE = "late", _("No answer was ready in time.")

    @classmethod
    def of_a_strategy_at_fault(cls) -> tuple[str, ...]:
        """Return the reasons of messages that a strategy owed an answer."""
        return cls.FAILED.value, cls.LATE.value
