"""Examples for the API's description."""

from drf_spectacular.utils import OpenApiExample

STRATEGIES = OpenApiExample(
    "one that takes no settings, and one that asks a service",
    {
        "items": [
            {"name": "none", "label": "No automatic reply", "settings": []},
            {
                "name": "service",
                "label": "A service answers",
                "settings": [
                    {
                        "name": "key",
                        "kind": "text",
                        "label": "Key of the service",
                        "help": "",
                        "required": True,
                        "default": None,
                        "choices": [],
                        "minimum": None,
                        "maximum": None,
                        "max_length": 200,
                        "secret": True,
                    }
                ],
            },
        ],
        "next": None,
    },
    response_only=True,
)
CHOICE = OpenApiExample(
    "a text outside office hours",
    {
        "strategy": "office_hours",
        "settings": {"zone": "Europe/Stockholm", "while_closed": "We are closed."},
    },
    request_only=True,
)
HOLDING = OpenApiExample(
    "chosen for all channels",
    {
        "strategy": "office_hours",
        "settings": {
            "days": ["0", "1", "2", "3", "4"],
            "opens": "09:00",
            "closes": "17:00",
            "zone": "Europe/Stockholm",
            "while_open": "",
            "while_closed": "We are closed.",
        },
        "comes_from": "tenant",
        "available": True,
        "changed_at": "2026-11-28T09:30:00Z",
    },
    response_only=True,
)
