"""Webhooks that were answered."""

from messaging.metrics.instruments import by_label, time_of_request

OUTCOMES = {
    200: "accepted",
    400: "unreadable",
    401: "without_proof",
    403: "wrong_proof",
    404: "no_such_address",
    413: "too_large",
    415: "encoded",
    500: "failed",
    503: "not_stored",
}
WEBHOOKS = by_label(
    "messaging_webhooks", "Webhooks answered, by outcome.", "outcome", [*OUTCOMES.values(), "other"]
)
SECONDS = time_of_request("messaging_webhook_seconds", "Time to answer a webhook.")


def note_webhook(status: int, seconds: float) -> None:
    """Count an answered webhook by the HTTP status of its answer."""
    WEBHOOKS.labels(OUTCOMES.get(status, "other")).inc()
    SECONDS.observe(seconds)
