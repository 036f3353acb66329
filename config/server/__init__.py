"""The web process's own gunicorn worker: a connection takes no thread before its whole request has
been received.

An event loop reads and writes all sockets without blocking, under total deadlines (`worker.py`,
`connection.py`). A whole request goes to the thread pool of its lane (`lanes.py`): webhooks, the
API and pages have separate ones.
"""
