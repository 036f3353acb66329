"""Requests that get nothing, whatever they ask for."""

import hashlib
import hmac
import re
from typing import Any

from whatsapp.stand_in.http import Answer, Request, graph_error

NODE = re.compile(r"/(\d+)(?:/.*)?")


def not_seen(node_id: str) -> Answer:
    words = (
        f"Unsupported request. Object with ID '{node_id}' does not exist, or cannot be loaded due"
        " to missing permissions"
    )
    return graph_error(100, words, subcode=33)


def turned_away(stand_in: Any, request: Request) -> Answer | None:
    """Why a request gets nothing, whatever it asks for: a dead token, a wrong proof, something that
    was not granted.
    """
    business, token = stand_in.business, request.token
    if not business.is_alive(token):
        return graph_error(
            190,
            "Error validating access token: it has expired or was revoked",
            status=401,
            subcode=463,
        )
    if not is_proven(request, business):
        return graph_error(100, "Invalid appsecret_proof provided in the API argument")
    node = NODE.fullmatch(request.path)
    if (
        node
        and token in business.grants
        and node[1] not in stand_in.files
        and not business.sees(token, node[1])
    ):
        return not_seen(node[1])
    return None


def is_proven(request: Request, business: Any) -> bool:
    given = request.query.get("appsecret_proof")
    if given is None:
        return not business.requires_proof
    own = hmac.new(
        business.client_secret.encode(), request.token.encode(), hashlib.sha256
    ).hexdigest()
    return not business.client_secret or given == own
