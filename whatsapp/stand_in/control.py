"""What a test or an operator asks of the stand-in itself."""

from typing import Any

from whatsapp.stand_in.http import Answer, Request, Route


def ledger(stand_in: Any, request: Request) -> Answer:
    return Answer(stand_in.ledger)


def script(stand_in: Any, request: Request) -> Answer:
    stand_in.script.extend(request.json())
    return Answer({"steps": len(stand_in.script)})


def reset(stand_in: Any, request: Request) -> Answer:
    stand_in.reset()
    return Answer({})


ROUTES = (
    Route("GET", "/stand-in/ledger", ledger, is_open=True),
    Route("POST", "/stand-in/script", script, is_open=True),
    Route("POST", "/stand-in/reset", reset, is_open=True),
)
