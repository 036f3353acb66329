"""Texts, places and reactions in Meta's words."""

from channels_app.content import Location, Reaction, Text
from whatsapp.json_values import Json
from whatsapp.sending.limits import EMOJI, ID, NAME, TEXT, Check, present


def text(content: Text, check: Check) -> Json:
    body = check.at("/body", "the text").words(content.body, TEXT)
    return {"type": "text", "text": present(body=body, preview_url=content.previews_links)}


def location(content: Location, check: Check) -> Json:
    return {"type": "location", "location": location_object(content, check)}


def location_object(content: Location, check: Check) -> Json:
    return present(
        latitude=check.at("/latitude", "the latitude").number(content.latitude, -90, 90),
        longitude=check.at("/longitude", "the longitude").number(content.longitude, -180, 180),
        name=check.at("/name", "the name of the location").optional(content.name, NAME),
        address=check.at("/address", "the address of the location").optional(content.address, NAME),
    )


def reaction(content: Reaction, check: Check) -> Json:
    of_message = check.at("/message_external_id", "the id of the message reacted to")
    message = of_message.words(content.message_external_id, ID)
    of_emoji = check.at("/emoji", "the emoji")
    emoji = of_emoji.optional(content.emoji, EMOJI)  # none takes the reaction away
    return {"type": "reaction", "reaction": {"message_id": message, "emoji": emoji}}
