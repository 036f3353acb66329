"""What a strategy's word means."""

from channels_app.content import Content, Text
from channels_app.storable import storable_text
from messaging.models.answering import Because, LeftToPeople
from messaging.models.unanswered import Unanswered
from messaging.replies.strategy import HandOver, NoReply, Said
from tenants.models import Tenant

TEXT_LENGTH = 4096  # what a text may have; a strategy that says more is cut short


def meant_by(said: Said, tenant: Tenant) -> Content | NoReply | LeftToPeople:
    """Return what is to be sent, or what stands in its place; an empty text says nothing. Raises
    TypeError for what is no word of a strategy's.
    """
    match said:
        case str() if said:
            return Text(body=storable_text(said, TEXT_LENGTH))
        case None | "":
            return NoReply(Unanswered.DECLINED)
        case NoReply(reason=reason):
            return NoReply(Unanswered(reason))
        case HandOver(note=note):
            return LeftToPeople.of(tenant, Because.STRATEGY, note)
        case Content():
            return said
    raise TypeError(f"A strategy may not say a {type(said).__name__}.")
