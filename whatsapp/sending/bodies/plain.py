"""Texts, places and reactions in Meta's words."""

from channels_app.content import Location, Reaction, Text
from whatsapp.json_values import Json
from whatsapp.sending.limits import EMOJI, ID, NAME, TEXT, Check, present


def text(content: Text, check: Check) -> Json:
    body = check.words("The text", content.body, TEXT)
    return {"type": "text", "text": present(body=body, preview_url=content.previews_links)}


def location(content: Location, check: Check) -> Json:
    return {"type": "location", "location": location_object(content, check)}


def location_object(content: Location, check: Check) -> Json:
    return present(
        latitude=check.number("The latitude", content.latitude, -90, 90),
        longitude=check.number("The longitude", content.longitude, -180, 180),
        name=check.optional("The name of the location", content.name, NAME),
        address=check.optional("The address of the location", content.address, NAME),
    )


def reaction(content: Reaction, check: Check) -> Json:
    message = check.words("The id of the message reacted to", content.message_external_id, ID)
    emoji = check.optional("The emoji", content.emoji, EMOJI)  # none takes the reaction away
    return {"type": "reaction", "reaction": {"message_id": message, "emoji": emoji}}
