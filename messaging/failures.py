"""The log line of a message that failed, whether its provider refused it or reported it later."""

import logging
from uuid import UUID

from channels_app.redacted import advice_of

logger = logging.getLogger(__name__)


def log_failure(
    message_id: UUID, tenant_id: UUID, channel_id: UUID, code: str, reason: str
) -> None:
    sentence = "Message %s of tenant %s on channel %s failed (code %s): %s"
    logger.warning(sentence, message_id, tenant_id, channel_id, code or "none", advice_of(reason))
