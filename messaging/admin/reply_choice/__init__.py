"""The pages on which a reply strategy is chosen, for a tenant or for one of its channels, and what
the pages of these tell of it.
"""

from messaging.admin.reply_choice import choices

__all__ = ["choices"]
