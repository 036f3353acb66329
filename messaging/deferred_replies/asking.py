"""Ask a strategy, in a thread that never touches the database."""

import logging

from messaging.models.answering import Because
from messaging.models.reply_choice import Chosen
from messaging.replies import Question, Said, registry
from messaging.replies.strategy import SlowStrategy
from tenants.origins import origin_of

logger = logging.getLogger(__name__)


def ask(chosen: Chosen, question: Question) -> Said | Because:
    """Return what the strategy says, or that it failed. Never raises."""
    try:
        strategy = registry.strategy(chosen)
        if not isinstance(strategy, SlowStrategy):
            raise TypeError(f"{type(strategy).__name__} has no method answer.")
        return strategy.answer(question)
    except Exception as error:
        sentence = "The reply strategy failed on message %s of tenant %s (%s at %s)."
        whose = (question.id, question.tenant_id)
        logger.error(sentence, *whose, type(error).__name__, origin_of(error))
        return Because.FAILED
