"""The queue priority of a webhook, read from its bytes without parsing them: a hint for scheduling,
never authority.

Who has a thread is told in three fields: by a handover, by a message that comes to us, and by one
on standby. They wait in one lane, in the order in which they came for a number, so that a message
does not overtake the handover before it.

Text that a person wrote cannot imitate a key: its quotation marks are escaped.
"""

import re

from channels_app.providers import Lane

FIELD = re.compile(rb'"field"\s*:\s*"(\w{1,64})"')
STATUSES = re.compile(rb'"statuses"\s*:')
MESSAGES = re.compile(rb'"messages"\s*:')
ECHOES = re.compile(rb'"message_echoes"\s*:')
STANDBY, HANDOVERS = b"standby", b"messaging_handovers"
URGENT = {b"messages", STANDBY, HANDOVERS}
NUMBER = re.compile(rb'"phone_number_id"\s*:\s*"?(\d{1,64})')


def lane_of(body: bytes) -> tuple[Lane, str]:
    """The lane, and the first phone number id that the body names."""
    number = NUMBER.search(body)
    return lane(body), number[1].decode() if number else ""


def lane(body: bytes) -> Lane:
    fields = set(FIELD.findall(body))
    if fields and fields.isdisjoint(URGENT):
        return Lane.OTHER
    if HANDOVERS in fields or MESSAGES.search(body):
        return Lane.MESSAGES
    if STANDBY in fields and ECHOES.search(body):
        return Lane.MESSAGES
    return Lane.STATUSES if STATUSES.search(body) else Lane.OTHER
