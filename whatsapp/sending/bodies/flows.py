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
        check.at("/action").fault(f"The Flow's action must be one of {', '.join(ACTIONS)}.")
    of_title = check.at("/title", "the title of the Flow's button")
    return present(
        flow_message_version=MESSAGE_VERSION,
        flow_id=check.at("/flow_id", "the Flow's id").optional(content.flow_id, limits.ID),
        flow_name=check.at("/flow_name", "the Flow's name").optional(content.flow_name, limits.ID),
        flow_cta=of_title.words(content.title, limits.FLOW_TITLE),
        mode="draft" if content.is_draft else None,
        flow_token=check.at("/token", "the Flow's token").optional(content.token, limits.ID),
        flow_action=content.action,
        flow_action_payload=first_screen(content, check),
    )


def first_screen(content: Flow, check: Check) -> dict[str, Any]:
    if content.action == "data_exchange" and (content.screen or content.data is not None):
        check.fault(
            "A Flow with data exchange is given neither a screen nor data: its own endpoint gives"
            " both."
        )
    of_data = check.at("/data", "the Flow's data")
    if content.data == {}:
        of_data.fault("The Flow's data are empty: leave them away, or give at least one value.")
    return present(
        screen=check.at("/screen", "the Flow's screen").optional(content.screen, limits.ID),
        data=of_data.passing(content.data) if content.data else None,
    )
