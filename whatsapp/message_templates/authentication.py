"""Templates for one-time passwords: Meta sends them to phone numbers alone ("Business-scoped user
IDs"; error 131062). Pure.
"""

from channels_app.content import Fault, FaultCode, Unsendable
from channels_app.events import Ids
from whatsapp.id_forms import PERSONAL
from whatsapp.json_values import Json, objects, text
from whatsapp.template_statuses import CATEGORIES

CATEGORY, BUTTON = CATEGORIES["AUTHENTICATION"], "OTP"
NO_NUMBER = Fault(
    "The template is for one-time passwords, which WhatsApp sends to phone numbers alone, and none"
    " of the contact's is known: ask for the number, or use another template.",
    code=FaultCode.NO_ADDRESS,
)


def recipients_of(definition: Json, ids: Ids) -> Ids:
    """Those of a contact's ids that the template may be addressed to; raises Unsendable where there
    is none.
    """
    if not is_for_passwords(definition):
        return ids
    numbers = tuple((kind, value) for kind, value in ids if kind not in PERSONAL)
    if ids and not numbers:
        raise Unsendable(NO_NUMBER)
    return numbers


def is_for_passwords(definition: Json) -> bool:
    """Also where Meta has not told the category again, but the template has the button."""
    return text(definition.get("category")).lower().startswith(CATEGORY) or has_button(definition)


def has_button(part: Json) -> bool:
    """A component, a card of a row of cards, or the whole template."""
    buttons = objects(part, "buttons")
    within = [*objects(part, "components"), *objects(part, "cards")]
    return any(map(is_password_button, buttons)) or any(map(has_button, within))


def is_password_button(button: Json) -> bool:
    """As it was made; or the link to Meta's own page for codes that Graph lists in its place."""
    return (
        text(button.get("type")).upper() == BUTTON
        or "otp_type" in button
        or "otp_type=" in text(button.get("url"))
    )
