"""The back-office: base classes of its pages, actions that ask first, how states look; the pages of
tenants, staff and the audit log.

In: the rows of a model, and what staff order. Out: lists and forms that stay quick, an entry in the
history of each row that changes, and one in the audit log of whatever is read or done. It may
import api_keys, connect_links, members, web and its app's ground.
"""

from tenants.admin import api_keys, connect_links, tenants, times
from tenants.admin.audit import log
from tenants.admin.base import HistoryAdmin, PlatformAdmin
from tenants.admin.people import failed_sign_ins, staff

__all__ = [
    "HistoryAdmin",
    "PlatformAdmin",
    "api_keys",
    "connect_links",
    "failed_sign_ins",
    "log",
    "staff",
    "tenants",
    "times",
]
