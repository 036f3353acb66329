"""Whom a message was addressed to, as Graph was asked."""

from typing import Any

BSUID = "SE.1001"


def addressed(graph: Any) -> list[dict[str, str]]:
    return [
        {key: sent["message"][key] for key in ("to", "recipient") if key in sent["message"]}
        for sent in graph.ledger
    ]
