"""The web process's own gunicorn worker: no stranger's connection takes a thread before its request
is there whole.

A loop reads and writes every socket without ever waiting for one, under total deadlines
(`worker.py`, `connection.py`). A request that is whole goes to the threads of its lane
(`lanes.py`): webhooks have threads of their own, pages have theirs.
"""
