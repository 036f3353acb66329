"""Choose a reply strategy, and answer as a service."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from channels_app.models import Channel
from messaging.deferred_replies.answerer import Answerer
from messaging.models import ReplyChoice
from messaging.replies import choosing
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.subscriber import Answer, Received, Subscriber

KEY = "sk-canary-of-acme"


def says(text: str) -> Answer:
    return 200, {"Content-Type": "application/json"}, json.dumps({"text": text}).encode()


@contextmanager
def served(settings: Any, answer: Callable[[Received], Answer]) -> Iterator[Subscriber]:
    """A service that can be chosen to answer, and is asked at once."""
    service = Subscriber(answer)
    settings.WEBHOOK_ALLOWED_HOSTS = [service.place]
    settings.REPLY_STRATEGIES = ["tests.support.service_strategy.AsksAService"]
    settings.DEFERRED_REPLY_WAIT_SECONDS = 0
    try:
        yield service
    finally:
        service.stop()


def choose(tenant: Tenant, strategy: str, channel: Channel | None = None, **given: Any) -> None:
    with operator_scope():
        ReplyChoice.objects.update_or_create(
            tenant=tenant, channel=channel, defaults={"strategy": strategy, "settings": given}
        )


def answer_what_is_due() -> None:
    """Ask slow strategies for what is due now, and settle what they say."""
    answerer = Answerer(at_once=8)
    while answerer.work():
        answerer.next_look = 0.0
    answerer.stop(0)


def choose_service(tenant: Tenant, service: Subscriber, key: str = KEY) -> ReplyChoice:
    """Let a service answer for all the tenant's channels. An empty key: the stored one."""
    with operator_scope():
        return choosing.choose(tenant.id, None, "service", {"url": service.url, "key": key})
