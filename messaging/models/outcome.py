"""The outcome of one POST of one message."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An outcome. `http_status` and `error_code` are the provider's, where it answered.
    `closes_window`: it said that its window for free messages has closed. `opts_out`: it said that
    the contact wants no marketing. `is_anothers`: that another responder has the thread.
    """

    message_id: UUID
    attempt: int
    status: str  # accepted, failed, queued, held or unknown
    external_id: str | None = None
    http_status: int | None = None
    error_code: str = ""
    error: str = ""
    retry_in: timedelta = timedelta(0)
    started_at: datetime = field(default_factory=timezone.now)
    closes_window: bool = False
    opts_out: bool = False
    is_anothers: bool = False
