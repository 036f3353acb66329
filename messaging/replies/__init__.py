"""What is answered automatically, and whether at all: the one place where a strategy of somebody
else's is asked.

In: messages that were just received. Out: what is to be said, or the reason why nothing is. It may
import its app's ground alone. Pure but for what it is given: it runs inside the transaction that
records a batch for many tenants.
"""

from messaging.replies.strategy import NoReply, StaticReply

__all__ = ["NoReply", "StaticReply"]
