"""Why content cannot be sent: sentences for people that also tell a program where and what."""

from enum import StrEnum
from typing import Any, Self


class FaultCode(StrEnum):
    """INVALID: the content itself must be corrected. Any other: it may be right, and is refused
    because of the conversation, the channel or the account as they are now.
    """

    INVALID = "invalid"
    UNSUPPORTED = "unsupported"  # the provider has no such message
    NO_SUCH_TEMPLATE = "no_such_template"
    TEMPLATE_NOT_SENDABLE = "template_not_sendable"
    NO_SUCH_MESSAGE = "no_such_message"  # the one that is answered
    CHANNEL_DISCONNECTED = "channel_disconnected"
    CHANNEL_NOT_INSTALLED = "channel_not_installed"
    CONTACT_BLOCKED = "contact_blocked"
    MARKETING_OPTED_OUT = "marketing_opted_out"
    NO_ADDRESS = "no_address"
    IS_GROUP = "is_group"
    WINDOW_CLOSED = "window_closed"
    TOO_MANY_WAITING = "too_many_waiting"
    NO_THREAD_CONTROL = "no_thread_control"
    NOT_THREAD_OWNER = "not_thread_owner"
    ALREADY_THREAD_OWNER = "already_thread_owner"
    THREAD_ORDER_UNDER_WAY = "thread_order_under_way"


class Fault(str):
    """A sentence, equal to the same text. `pointer` (RFC 6901) leads from the content to the field
    that is to be corrected: "/buttons/1/title"; empty: to the content as a whole.
    """

    pointer: str
    code: FaultCode

    def __new__(cls, sentence: str, pointer: str = "", code: FaultCode = FaultCode.INVALID) -> Self:
        fault = super().__new__(cls, sentence)
        fault.__dict__.update(pointer=pointer, code=code)
        return fault

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"A fault does not change: {name}")

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, FaultCode]]:
        return type(self), (str(self), self.pointer, self.code)


class Unsendable(ValueError):
    """A message that the provider would refuse. `faults` holds one for each thing to correct; a
    plain sentence becomes a fault of the content as a whole.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = tuple(fault if isinstance(fault, Fault) else Fault(fault) for fault in faults)
