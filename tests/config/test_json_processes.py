"""With LOG_FORMAT=json each line that the web process writes is an object, gunicorn's own too."""

import json

import requests

from config.development_database import free_port
from tests.support.processes import answers, eventually, start_line


def test_every_line_of_the_web_process_is_an_object(database_name, db_rows):
    port = free_port()
    web = start_line(database_name, "web", port=port, LOG_FORMAT="json")
    try:
        assert eventually(lambda: answers(f"http://127.0.0.1:{port}/health"), seconds=60)
        missing = requests.get(f"http://127.0.0.1:{port}/nothing", timeout=10)
    finally:
        web.terminate()
        _, written = web.communicate(timeout=40)
    lines = [json.loads(line) for line in written.splitlines()]

    assert {line["logger"] for line in lines} == {"gunicorn.error", "django.request"}
    (of_request,) = [line for line in lines if line["logger"] == "django.request"]
    assert (of_request["message"], of_request["request_id"]) == (
        "Not Found: /nothing",
        missing.headers["X-Request-Id"],
    )
