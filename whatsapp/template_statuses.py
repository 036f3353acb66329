"""Meta's words for a message template's status, quality score and category, and what they mean.

The readers of webhooks, the list of an account's templates and the check before a message is sent
all use these tables. A word that is not in them is kept as Meta wrote it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Status:
    """`word`: our own, which is stored. `report` and `severity`: what the operator reads when a
    webhook reports the status. `obstacle`: why the template cannot be sent, and what to do.

    Flagged and locked templates have no obstacle: Meta's page "message_template_status_update
    webhook reference" leaves open whether they can be sent, so Meta decides when they are.
    """

    word: str
    report: str
    severity: str = "info"
    obstacle: str = ""

    @property
    def can_be_sent(self) -> bool:
        return not self.obstacle


STATUSES = {
    "APPROVED": Status(word="approved", report="was approved: it can be sent."),
    "REINSTATED": Status(word="approved", report="was reinstated: it can be sent again."),
    "UNARCHIVED": Status(word="approved", report="was taken out of the archive."),
    "PENDING": Status(
        word="pending",
        report="is being reviewed by Meta.",
        obstacle="is still being reviewed by Meta: send it once it is approved.",
    ),
    "IN_APPEAL": Status(
        word="in_appeal",
        report="was rejected, and the appeal is not decided yet.",
        obstacle="was rejected and the appeal is not decided: wait for it, or use another.",
    ),
    "REJECTED": Status(
        word="rejected",
        report="was rejected: edit it and have it reviewed again.",
        severity="warning",
        obstacle="was rejected by Meta: edit it and have it reviewed again.",
    ),
    "PAUSED": Status(
        word="paused",
        report="is paused for its quality: it cannot be sent until the pause ends.",
        severity="warning",
        obstacle="is paused by Meta for its quality: wait until the pause ends, or use another.",
    ),
    "FLAGGED": Status(
        word="flagged",
        report="was flagged for its quality: edit it before it is disabled.",
        severity="warning",
    ),
    "DISABLED": Status(
        word="disabled",
        report="was disabled for its quality: make a new one.",
        severity="warning",
        obstacle="was disabled by Meta for its quality: make a new one.",
    ),
    "LOCKED": Status(
        word="locked",
        report="is locked: it cannot be edited.",
        severity="warning",
    ),
    "LIMIT_EXCEEDED": Status(
        word="limit_exceeded",
        report="is beyond the templates that the account may have: delete others.",
        severity="warning",
        obstacle=(
            "is beyond the number of templates that the account may have: delete others first."
        ),
    ),
    "ARCHIVED": Status(
        word="archived",
        report="was archived because nobody used it, and will be deleted: take it out to keep it.",
        severity="warning",
        obstacle="was archived because nobody used it: take it out of the archive first.",
    ),
    "PENDING_DELETION": Status(
        word="pending_deletion",
        report="is being deleted.",
        obstacle="is being deleted: use another.",
    ),
    "DELETED": Status(
        word="deleted",
        report="was deleted.",
        obstacle="was deleted: use another.",
    ),
}

# Our word for each quality score, and the severity of a change to it.
QUALITIES = {
    "GREEN": ("green", "info"),
    "YELLOW": ("yellow", "warning"),
    "RED": ("red", "warning"),
    "UNKNOWN": ("unknown", "info"),
}

CATEGORIES = {word.upper(): word for word in ("marketing", "utility", "authentication", "service")}


def status_of(metas: str) -> Status:
    """The status that Meta calls so; for a word that is not in the table, Meta's own."""
    unknown = Status(word=metas, report=f"is now {metas}." if metas else "was changed.")
    return STATUSES.get(metas, unknown)


def quality_of(metas: str) -> tuple[str, str]:
    """Our word for a quality score, and the severity of a change to it."""
    return QUALITIES.get(metas, (metas, "info"))


def category_of(metas: str) -> str:
    return CATEGORIES.get(metas, metas)
