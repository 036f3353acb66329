"""What the Graph API says of a thing by its id: a file that it keeps, else a number."""

from typing import Any

from whatsapp.stand_in import files
from whatsapp.stand_in.http import Answer, Request, Route


def node(stand_in: Any, request: Request, node_id: str) -> Answer:
    return files.node(stand_in, request, node_id) if node_id in stand_in.files else number(node_id)


def number(phone_number_id: str) -> Answer:
    return Answer({"id": phone_number_id, "display_phone_number": "+1 555 0100001", "verified_name": "Stand-in"})


ROUTES = (Route("GET", "/([^/]+)", node),)
