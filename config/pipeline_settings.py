"""How long the pipeline waits and tries, in seconds, and which reply strategies it knows, by the
environment. DEFERRED_REPLY_...: for answers that take their time (messaging/deferred_replies/).
"""

from config.environment import faults, items, optional, positive

SEND_TIMEOUT_SECONDS = positive("SEND_TIMEOUT_SECONDS", 10)
SEND_LEASE_SECONDS = positive("SEND_LEASE_SECONDS", 30)
UNKNOWN_AFTER_SECONDS = positive("UNKNOWN_AFTER_SECONDS", 60)
# of the mark: a process that slept longer gives the message back, or its POST would end too late
POST_WITHIN_SECONDS = min(5, UNKNOWN_AFTER_SECONDS - SEND_TIMEOUT_SECONDS)
PIPELINE_POLL_SECONDS = positive("PIPELINE_POLL_SECONDS", 0.125)
AUTO_REPLY_TTL_SECONDS = positive("AUTO_REPLY_TTL_SECONDS", 3600)
DEFERRED_REPLY_WAIT_SECONDS = positive("DEFERRED_REPLY_WAIT_SECONDS", 2)
DEFERRED_REPLY_SECONDS = positive("DEFERRED_REPLY_SECONDS", 30)
DEFERRED_REPLY_LIMIT_SECONDS = positive("DEFERRED_REPLY_LIMIT_SECONDS", 600)
REPLY_STRATEGIES = items(optional("REPLY_STRATEGIES"))

if UNKNOWN_AFTER_SECONDS <= SEND_TIMEOUT_SECONDS:
    faults.append(
        "UNKNOWN_AFTER_SECONDS must be larger than SEND_TIMEOUT_SECONDS, or a POST still under way"
        " counts as lost."
    )
