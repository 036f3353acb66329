"""From codes to tokens, and what a token is good for."""

import time
from typing import Any

from whatsapp.stand_in.business import Grant
from whatsapp.stand_in.http import Answer, Request, Route, graph_error
from whatsapp.stand_in.scripted import scripted


def exchange(stand_in: Any, request: Request) -> Answer:
    business, asked = stand_in.business, request.query
    if business.client_id not in ("", asked.get("client_id")):
        return graph_error(
            101, "Error validating application. Cannot get application info due to a system error."
        )
    if business.client_secret not in ("", asked.get("client_secret")):
        return graph_error(1, "Error validating client secret.")
    code = business.codes.get(asked.get("code"))
    if code is None:
        return graph_error(100, "Invalid verification code format.")
    if asked.get("redirect_uri") != code.redirect_uri:
        words = (
            "Please make sure your redirect_uri is identical to the one you used in the OAuth"
            " dialog request"
        )
        return graph_error(100, f"Error validating verification code. {words}", subcode=36008)
    with stand_in.lock:
        was_used, code.is_used = code.is_used, True
    if was_used:
        return graph_error(100, "This authorization code has been used.", subcode=36009)
    if time.monotonic() >= code.ends_at:
        return graph_error(100, "This authorization code has expired.", subcode=36007)
    lifetime = {"expires_in": business.token_seconds} if business.token_seconds else {}
    return Answer({"access_token": business.give_token(), "token_type": "bearer", **lifetime})


def debug_token(stand_in: Any, request: Request) -> Answer:
    business, token = stand_in.business, request.query.get("input_token", "")
    app_id, _, app_secret = request.token.partition("|")
    if business.client_id not in ("", app_id) or business.client_secret not in ("", app_secret):
        return graph_error(190, "Invalid OAuth access token.")
    grant = business.grants.get(token) or Grant(list(business.accounts), business.scopes, 0)
    about = {
        "app_id": app_id,
        "type": "SYSTEM_USER",
        "user_id": "122000000000001",
        "expires_at": grant.expires_at,
    }
    if not business.is_alive(token):
        words = f"Error validating access token {token}: it has expired or was revoked"
        error = {"code": 190, "message": words, "subcode": 463}
        return Answer({"data": {**about, "is_valid": False, "scopes": [], "error": error}})
    targets = {"target_ids": grant.account_ids} if grant.names_accounts else {}
    granular = [{"scope": scope, **targets} for scope in grant.scopes]
    about |= {
        "is_valid": True,
        "data_access_expires_at": 0,
        "scopes": grant.scopes,
        "granular_scopes": granular,
    }
    return Answer({"data": about})


ROUTES = (
    Route("GET", "/oauth/access_token", scripted("exchange", exchange), is_open=True),
    Route("GET", "/debug_token", scripted("debug_token", debug_token)),
)
