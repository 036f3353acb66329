"""The processes' signs of life, as rows."""

RUNNING = [
    "INSERT INTO messaging.worker_heartbeats VALUES (gen_random_uuid(), 'here', 1, now())",
    "INSERT INTO jobs.procrastinate_workers (last_heartbeat) VALUES (now())",
]
