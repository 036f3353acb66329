"""What a simulated message says: each kind of it, from what the operator gives, as Meta would tell
it.
"""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from channels_app.models import Channel
from channels_app.providers import MediaError
from tenants.encryption import CannotOpen
from whatsapp.json_values import Json
from whatsapp.media import allowed_hosts, transfer
from whatsapp.media.filenames import SAYS_NOTHING, type_of

FILES = {
    "image": "image/",
    "document": "",
    "audio": "audio/",
    "video": "video/",
    "sticker": "image/webp",
}  # how its type begins
CAPTIONED = ("image", "document", "video")
OF_A_FILE: dict[str, Json] = {"audio": {"voice": False}, "sticker": {"animated": False}}
NO_STAND_IN = (
    "A file cannot be simulated against the real Graph API, which gives files of WhatsApp's people"
    " alone. Start the stand-in (manage.py graph_stand_in) and set META_GRAPH_URL to its address."
)
NO_PLACE = (
    "--location takes LATITUDE,LONGITUDE in degrees, like 52.52,13.405; write"
    " --location=-33.86,151.2 for one with a minus."
)


class NotSimulated(Exception):
    """The message is a sentence: what is wrong, and what to do."""


def content_of(kind: str, given: Mapping[str, Any], channel: Channel) -> Json:
    """What Meta's webhook holds of a message of this kind. `given`: the command's options. Raises
    NotSimulated.
    """
    said, words = given[kind], given["text"] or ""
    match kind:
        case "text":
            return {"type": "text", "text": {"body": said}}
        case "button" | "list":
            return reply(f"{kind}_reply", said)
        case "location":
            return location(said, words)
        case "reaction":
            return {"type": "reaction", "reaction": {"message_id": given["to"], "emoji": said}}
    return file(kind, Path(said), words, channel)


def reply(sort: str, title: str) -> Json:
    """What somebody chose of our buttons or of our list; its id is its title."""
    return {
        "type": "interactive",
        "interactive": {"type": sort, sort: {"id": title, "title": title}},
    }


def location(given: str, name: str) -> Json:
    try:
        latitude, longitude = map(float, given.split(","))
    except ValueError:
        raise NotSimulated(NO_PLACE) from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise NotSimulated(NO_PLACE)
    place = {"latitude": latitude, "longitude": longitude}
    return {"type": "location", "location": {**place, "name": name} if name else place}


def file(kind: str, path: Path, caption: str, channel: Channel) -> Json:
    """Hands the file to the stand-in, and returns what Meta would tell of it. Raises
    NotSimulated.
    """
    if not allowed_hosts.is_stand_in():
        raise NotSimulated(NO_STAND_IN)
    mime_type = type_of(path.name, FILES[kind].partition("/")[0]) or SAYS_NOTHING
    if not mime_type.startswith(FILES[kind]):
        wanted = FILES[kind].rstrip("/")
        raise NotSimulated(
            f"--{kind} takes a file of the type {wanted}; by its name, {path.name} is {mime_type}."
        )
    try:
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").digest()
            media_id = handed_to_stand_in(opened, mime_type, path.name, channel)
    except OSError as error:
        raise NotSimulated(f"{path} cannot be read: {error.strerror}.") from None
    told = {
        "mime_type": mime_type,
        "sha256": base64.b64encode(digest).decode(),
        "id": media_id,
        **OF_A_FILE.get(kind, {}),
    }
    named = {"filename": path.name} if kind == "document" else {}
    return {"type": kind, kind: {**told, **named, **({"caption": caption} if caption else {})}}


def handed_to_stand_in(opened: BinaryIO, mime_type: str, filename: str, channel: Channel) -> str:
    try:
        token = channel.secret("access_token")
        return transfer.upload(
            opened,
            phone_number_id=channel.external_id,
            token=token,
            mime_type=mime_type,
            filename=filename,
        )
    except (MediaError, CannotOpen) as error:
        raise NotSimulated(
            f"The stand-in at {settings.META_GRAPH_URL} did not take the file: {error}"
        ) from None
