"""A reply strategy that raises what a person wrote, and who they are, for some texts."""

from messaging.models import Message
from messaging.replies import StaticReply

RAISES = "Fail: "


class Fails(StaticReply):
    def reply_to(self, message: Message) -> object:
        if message.text.startswith(RAISES):
            raise RuntimeError(f"{message.text} of {message.contact_id} {message.raw}")
        return super().reply_to(message)
