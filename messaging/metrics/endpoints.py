"""Events that were posted to webhook endpoints."""

from messaging.metrics.instruments import by_label, time_of_request

POSTED = by_label(
    "messaging_events_posted",
    "Events posted to webhook endpoints, by outcome.",
    "outcome",
    ("delivered", "failed", "given_up"),
)
POST_SECONDS = time_of_request("messaging_event_post_seconds", "Time of a POST to an endpoint.")
