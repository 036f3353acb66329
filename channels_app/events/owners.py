"""Who has a thread on a channel that several responders share, and how that was learned."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ThreadOwner(models.TextChoices):
    US = "us", _("we")
    OTHER = "other", _("another responder")
    NOBODY = "nobody", _("Nobody")


class OwnerSource(models.TextChoices):
    """What told who has a thread."""

    STANDBY = "standby", _("What is written goes to another responder.")
    MESSAGE = "message", _("The contact's message came to us.")
    WE_PASSED = "we_passed", _("We passed the thread on.")
    WE_RELEASED = "we_released", _("We released the thread.")
    WE_TOOK = "we_took", _("We took the thread.")
    REFUSED = "refused", _("The provider refused what we sent: another responder has the thread.")
    PASSED = "passed", _("The thread was passed to us.")
    TAKEN = "taken", _("Another responder took the thread.")
    UNCLEAR = (
        "unclear",
        _("The provider reported a change of the owner in a form that is not known."),
    )
