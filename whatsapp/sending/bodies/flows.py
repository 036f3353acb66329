"""Flows in Meta's words."""

from typing import Any

from channels_app.content import Flow
from whatsapp.sending import limits
from whatsapp.sending.bodies.interactive import body, footer, header, interactive
from whatsapp.sending.limits import Check, present

MESSAGE_VERSION = "3"
ACTIONS = ("navigate", "data_exchange")


def flow(content: Flow, check: Check) -> dict[str, Any]:
    return interactive(
        "flow",
        {"name": "flow", "parameters": parameters(content, check)},
        header=header(content.header, check),
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def parameters(content: Flow, check: Check) -> dict[str, Any]:
    if bool(content.flow_id) == bool(content.flow_name):
        check.fault("The Flow needs either its id or its name, and not both.")
    if content.action not in ACTIONS:
        check.fault(f"The Flow's action must be one of {', '.join(ACTIONS)}.")
    return present(
        flow_message_version=MESSAGE_VERSION,
        flow_id=check.optional("The Flow's id", content.flow_id, limits.ID),
        flow_name=check.optional("The Flow's name", content.flow_name, limits.ID),
        flow_cta=check.words("The title of the Flow's button", content.title, limits.FLOW_TITLE),
        mode="draft" if content.is_draft else None,
        flow_token=check.optional("The Flow's token", content.token, limits.ID),
        flow_action=content.action,
        flow_action_payload=first_screen(content, check),
    )


def first_screen(content: Flow, check: Check) -> dict[str, Any]:
    if content.action == "data_exchange" and (content.screen or content.data is not None):
        check.fault(
            "A Flow with data exchange is given neither a screen nor data: its own endpoint gives"
            " both."
        )
    if content.data == {}:
        check.fault("The Flow's data are empty: leave them away, or give at least one value.")
    return present(
        screen=check.optional("The Flow's screen", content.screen, limits.ID),
        data=check.passing("The Flow's data", content.data) if content.data else None,
    )
