"""The pages of what providers delivered: a delivery's bytes, what was recorded from it, what of it
was set aside and why; and the order to process some again.
"""

from messaging.admin.deliveries import items, pages

__all__ = ["items", "pages"]
