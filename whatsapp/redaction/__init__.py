"""Cut what was erased out of the bodies of webhooks.

In: a body, and what was read from the items that are to go. Out: the body without them. Pure; it
may import webhooks and its app's ground.
"""

from whatsapp.redaction.items import without

__all__ = ["without"]
