"""What Ada and Acme say to each other, in every shape that a thread shows."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from channels_app.content import Button, Buttons, ListMenu, Reaction, Row, Section
from messaging.models import Conversation, Message
from messaging.outbound import submit
from tenants.scope import operator_scope, tenant_scope
from whatsapp.stand_in.files import HeldFile

YES_NO = (Button(id="yes", title="Yes, please"), Button(id="no", title="No"))
TEAS = (
    Row(id="green", title="Green", description="From Kyoto"),
    Row(id="black", title="Black", description="From Assam"),
)
PLACE = {"latitude": 52.52, "longitude": 13.4, "name": "Tea House", "address": "1 Leaf Lane"}
CARD = {
    "name": {"formatted_name": "Grace Hopper"},
    "org": {"company": "Globex"},
    "phones": [{"phone": "+46 70 111 11 11", "type": "WORK"}],
}
VOICE = {"id": "9", "mime_type": "audio/ogg", "voice": True}


def picture(width: int = 320, height: int = 200) -> bytes:
    """A PNG with colours that run into each other."""
    lines = b"".join(
        b"\0" + bytes(byte for x in range(width) for byte in (x * 255 // width, y, 160))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


@dataclass
class RichThread:
    """`write`, `work`, `graph`: the fixtures. Each message of Acme's has left when it returns."""

    write: Callable[..., Any]
    work: Callable[[], None]
    graph: Any

    def say(self, content: Any, **more: Any) -> str:
        """Acme's staff say it; its id at the provider."""
        with operator_scope():
            conversation = Conversation.objects.get()
        with tenant_scope(conversation.tenant_id):
            message = submit.send(conversation.id, content, origin="staff", **more)
        self.work()
        with operator_scope():
            return Message.objects.get(id=message.id).external_id

    def answer(self, kind: str, chosen: dict[str, str], to: str) -> None:
        """Ada presses a button, or chooses from a list."""
        self.write(
            "", type="interactive", interactive={"type": kind, kind: chosen}, context={"id": to}
        )
        self.work()

    def files(self) -> None:
        self.graph.files["7"] = HeldFile(picture(), "image/png")
        self.graph.files["8"] = HeldFile(b"%PDF-1.4 an invoice", "application/pdf")
        image = {"id": "7", "mime_type": "image/png", "caption": "This cup is broken"}
        invoice = {"id": "8", "mime_type": "application/pdf", "filename": "Invoice 17.pdf"}
        self.write("", type="image", image=image, wamid="wamid.cup")
        self.write("", type="document", document=invoice)
        self.write("", type="audio", audio=VOICE)

    def places_and_people(self) -> None:
        self.write("", type="location", location=PLACE)
        self.write("", type="contacts", contacts=[CARD])

    def choices(self) -> None:
        asked = self.say(Buttons(header="Tea", body="Shall we?", footer="Acme", buttons=YES_NO))
        self.answer("button_reply", {"id": "yes", "title": "Yes, please"}, asked)
        listed = self.say(
            ListMenu(
                body="Which one?", button="Choose", sections=(Section(title="Tea", rows=TEAS),)
            )
        )
        self.answer("list_reply", {"id": "green", "title": "Green"}, listed)

    def changes(self) -> None:
        """Edited, reacted to, quoted, forwarded, deleted; and a script that runs from the right."""
        self.write("Tee", wamid="wamid.tee")
        tea = {"type": "text", "text": {"body": "Tea"}}
        self.write("", type="edit", edit={"original_message_id": "wamid.tee", "message": tea})
        self.write("", type="reaction", reaction={"message_id": "wamid.tee", "emoji": "👍"})
        self.write("Where is my new one?", context={"id": "wamid.cup"})
        self.write("Tea week!", context={"forwarded": True})
        self.write("My secret", wamid="wamid.secret")
        self.write("", type="revoke", revoke={"original_message_id": "wamid.secret"})
        self.write("شكرا جزيلا 🙏 (2)")
        self.work()
        self.say(Reaction(message_external_id="wamid.cup", emoji="😢"))
