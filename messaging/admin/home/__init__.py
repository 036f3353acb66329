"""What the operators' home page tells of channels and messages: its panels, and the lists that they
lead to and that are no table of ours.

In: problems and what waits, as messaging/monitoring tells it. Out: panels.
"""

from messaging.admin.home import failed_tasks, panels

__all__ = ["failed_tasks", "panels"]
