"""Who has a thread on a channel that several responders share, and how that was learned."""

from django.db import models


class ThreadOwner(models.TextChoices):
    US = "us", "we"
    OTHER = "other", "another responder"
    NOBODY = "nobody"


class OwnerSource(models.TextChoices):
    """What told who has a thread."""

    STANDBY = "standby", "What is written goes to another responder."
    MESSAGE = "message", "The contact's message came to us."
    WE_PASSED = "we_passed", "We passed the thread on."
    WE_RELEASED = "we_released", "We released the thread."
    WE_TOOK = "we_took", "We took the thread."
    REFUSED = "refused", "The provider refused what we sent: another responder has the thread."
    PASSED = "passed", "The thread was passed to us."
    TAKEN = "taken", "Another responder took the thread."
    UNCLEAR = "unclear", "The provider reported a change of the owner in a form that is not known."
