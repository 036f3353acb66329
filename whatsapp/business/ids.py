"""Ids of Meta's nodes in paths."""

import re
from typing import Any

from channels_app.providers import SendError

NODE = re.compile(r"[0-9]{1,64}")


def is_node(value: Any) -> bool:
    return isinstance(value, str) and NODE.fullmatch(value) is not None


def node(value: str) -> str:
    """The id, which a browser may have named: anything else in a path would ask for something else
    with our token.
    """
    if not is_node(value):
        raise SendError("The id is none of WhatsApp's: those have digits only.", then="failed")
    return value
