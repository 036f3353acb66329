"""The back-office's home page: what needs a hand now, as the apps tell it.

In: functions that the apps register. Out: the site whose first page shows what they return.
"""

from tenants.admin.home.needs import COUNTED, Need, Panel, Reason, Row, counted, register

__all__ = ["COUNTED", "Need", "Panel", "Reason", "Row", "counted", "register"]
