"""Errors told to Sentry, where SENTRY_DSN is set: what the log says of them, and no more.

An event is built anew from the few fields that hold no values, instead of being cleared of what may
hold some: a later version of the SDK cannot add a request, a variable or a query.
"""

import logging
from collections.abc import Mapping
from typing import Any, cast

import sentry_sdk
from django.apps import AppConfig
from django.conf import settings
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.types import Event, Hint

from config.log_words import words_of
from tenants.web.request_ids import request_id_of

TAKEN_OVER = (
    *("event_id", "timestamp", "platform", "level", "logger", "sdk"),
    *("release", "environment", "server_name"),
)
OF_FRAMES = ("filename", "lineno", "function", "module", "in_app")


class ErrorReports(AppConfig):
    name = "config"
    label = "error_reports"

    def ready(self) -> None:
        sentry_sdk.init(
            settings.SENTRY_DSN,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[
                LoggingIntegration(level=None, event_level=logging.ERROR),
                ExcepthookIntegration(),
                ThreadingIntegration(),
                AtexitIntegration(callback=lambda pending, timeout: None),
            ],
            before_send=redacted,
            max_breadcrumbs=0,
            include_local_variables=False,
            include_source_context=False,
            send_default_pii=False,
            max_request_body_size="never",
            send_client_reports=False,
            auto_session_tracking=False,
        )
        # anybody could fill it with invalid Host headers
        ignore_logger("django.security.DisallowedHost")


def redacted(event: Event, hint: Hint) -> Event:
    """Return the event with its line of the log, and of its exceptions the types and places."""
    told: dict[str, Any] = {name: event[name] for name in TAKEN_OVER if name in event}  # type: ignore[literal-required]
    if exceptions := event.get("exception"):
        told["exception"] = {"values": [type_and_places(each) for each in exceptions["values"]]}
    if record := hint.get("log_record"):
        told["logentry"] = {"message": words_of(record)}
        # one issue for each sentence, whatever its ids
        told["fingerprint"] = ["{{ default }}", record.name, f"{record.module}:{record.lineno}"]
        if request_id := request_id_of(record):
            told["tags"] = {"request_id": request_id}
    return cast(Event, told)


def type_and_places(exception: Mapping[str, Any]) -> dict[str, Any]:
    frames = (exception.get("stacktrace") or {}).get("frames", [])
    places = [{name: frame[name] for name in OF_FRAMES if name in frame} for frame in frames]
    return {
        "type": exception.get("type"),
        "module": exception.get("module"),
        "stacktrace": {"frames": places},
    }
