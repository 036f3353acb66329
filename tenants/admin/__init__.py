"""The back-office: base classes of its pages, actions that ask first, how states look; the pages of
tenants and staff.

In: the rows of a model, and what staff order. Out: lists and forms that stay quick, an entry in the
history of each row that changes. It may import api_keys, connect_links, members, web and its app's
ground.
"""

from tenants.admin import api_keys, connect_links, pages, times
from tenants.admin.base import HistoryAdmin, PlatformAdmin

__all__ = ["HistoryAdmin", "PlatformAdmin", "api_keys", "connect_links", "pages", "times"]
