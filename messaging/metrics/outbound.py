"""Messages that were posted to their providers."""

from prometheus_client import Counter

from messaging.metrics.instruments import age, by_label, time_of_request

POSTED = by_label(
    "messaging_messages_posted",
    "Messages posted, by outcome.",
    "outcome",
    ("accepted", "failed", "queued", "held", "unknown"),
)
DOUBLED = Counter("messaging_messages_doubled", "Messages that were sent twice.")
QUEUED_TO_POSTED = age("messaging_queued_to_posted_seconds", "Age of a message at its first POST.")
POST_SECONDS = time_of_request("messaging_post_seconds", "Time of a POST to the provider.")
