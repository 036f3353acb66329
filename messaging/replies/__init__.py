"""What is answered automatically, and whether at all: the one place where a strategy of somebody
else's is asked.

In: messages that were just received. Out: what is to be said now or later, who is to say it, or the
reason why nothing is. It may import its app's ground alone. Pure but for what it is given, and for
`Decided.record`: it runs inside the transaction that records a batch for many tenants.
"""

from messaging.replies.builtin import Silence, StaticReply
from messaging.replies.office_hours import OfficeHours
from messaging.replies.question import Line, Question
from messaging.replies.strategy import HandOver, Later, NoReply, Said

__all__ = [
    "HandOver",
    "Later",
    "Line",
    "NoReply",
    "OfficeHours",
    "Question",
    "Said",
    "Silence",
    "StaticReply",
]
