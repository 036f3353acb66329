"""What a test or an operator asks of the stand-in itself."""

from dataclasses import asdict
from typing import Any

from whatsapp.stand_in.http import Answer, Request, Route

SET_AS_THEY_ARE = {
    *("client_id", "client_secret", "requires_proof", "scopes"),
    *("code_seconds", "token_seconds", "event", "event_data"),
    *("app_callback", "app_fields", "app_is_active"),
}


def ledger(stand_in: Any, request: Request) -> Answer:
    return Answer(stand_in.ledger)


def script(stand_in: Any, request: Request) -> Answer:
    stand_in.script.extend(request.json())
    return Answer({"steps": len(stand_in.script)})


def business(stand_in: Any, request: Request) -> Answer:
    """What the business has and has granted, as JSON."""
    state = asdict(stand_in.business)
    return Answer({**state, "revoked": sorted(state["revoked"])})


def change_business(stand_in: Any, request: Request) -> Answer:
    """`accounts` are opened, `revoke`: tokens that die, `script`: steps by the names of calls; the
    rest is set as it is.
    """
    changes = request.json()
    for account in changes.pop("accounts", []):
        told = {name: account[name] for name in ("name", "is_granted") if name in account}
        stand_in.business.open_account(account["id"], *account.get("numbers", []), **told)
    stand_in.business.revoke(*changes.pop("revoke", []))
    for name, steps in changes.pop("script", {}).items():
        stand_in.onboarding_script[name].extend(steps)
    if unknown := changes.keys() - SET_AS_THEY_ARE:
        return Answer({"unknown": sorted(unknown)}, 400)
    for name, value in changes.items():
        setattr(stand_in.business, name, value)
    return business(stand_in, request)


def reset(stand_in: Any, request: Request) -> Answer:
    stand_in.reset()
    return Answer({})


ROUTES = (
    Route("GET", "/stand-in/ledger", ledger, is_open=True),
    Route("POST", "/stand-in/script", script, is_open=True),
    Route("GET", "/stand-in/business", business, is_open=True),
    Route("POST", "/stand-in/business", change_business, is_open=True),
    Route("POST", "/stand-in/reset", reset, is_open=True),
)
