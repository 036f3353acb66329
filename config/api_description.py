"""Settings of drf-spectacular, which describes the API (tenants/api/schema.py)."""

from typing import Any

from config.body_limits import API


def api_description(public_url: str) -> dict[str, Any]:
    return {
        "TITLE": "Messaging",
        "DESCRIPTION": (
            "Send and read the messages of a business. Every request carries a key of the business:"
            " `Authorization: Bearer KEY`."
        ),
        "VERSION": "v1",
        "OAS_VERSION": "3.1.1",
        "SCHEMA_PATH_PREFIX": API,
        "PREPROCESSING_HOOKS": ["tenants.api.schema.of_the_api_alone"],
        # enums stay where they are used
        "POSTPROCESSING_HOOKS": ["tenants.api.examples.with_examples"],
        "SERVE_INCLUDE_SCHEMA": False,
        "SERVERS": [{"url": public_url}],
        "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    }
