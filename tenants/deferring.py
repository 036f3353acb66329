"""Put background tasks into the queue with the transaction that wants them. A tenant's task is the
tenant's, whatever its arguments say.
"""

import json
from typing import Any

from django.db import connection
from procrastinate.tasks import Task

from tenants.scope import current_scope


def defer(task: Task, *arguments: dict[str, Any]) -> None:
    """Put the task in once for each of `arguments`, in the caller's scope.

    In a tenant's scope the application's role puts nothing into the queue itself: a function of the
    database does, and writes the scope's tenant over the argument `tenant_id`.
    """
    if not arguments:
        return
    if current_scope().tenant_id is None:
        task.batch_defer(*arguments)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT defer_for_tenant(%s, %s, %s)", [task.name, task.queue, json.dumps(arguments)]
        )
