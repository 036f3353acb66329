"""Cards to swipe through, in Meta's words."""

from channels_app.content import Card, Carousel
from whatsapp.json_values import Json
from whatsapp.sending import limits
from whatsapp.sending.bodies.interactive import body, interactive, link_action, reply_buttons
from whatsapp.sending.bodies.media import shown_above
from whatsapp.sending.limits import Check, present

HEADER_KINDS = ("image", "video")


def carousel(content: Carousel, check: Check) -> Json:
    of_all = check.at("/cards")
    of_all.count("cards", len(content.cards), limits.CARDS, limits.FEWEST_CARDS)
    if len({(each.link is None, len(each.buttons)) for each in content.cards}) > 1:
        of_all.fault(
            "The cards differ in their buttons; each needs the same number of the same kind."
        )
    cards = [
        {"card_index": n, **card(*each)}
        for n, each in enumerate(check.each("/cards", "card", content.cards))
    ]
    return interactive("carousel", {"cards": cards}, body=body(content.body, check))


def card(content: Card, check: Check) -> Json:
    of_body = check.at("/body", "the body")
    if content.body.count("\n") > limits.CARD_LINE_BREAKS:
        of_body.fault(f"{of_body.name} has more than {limits.CARD_LINE_BREAKS} line breaks.")
    text = of_body.optional(content.body, limits.CARD_BODY)
    return {
        "type": "cta_url",  # of cards with reply buttons, too
        "header": shown_above(content.media, check.at("/media", "the header"), HEADER_KINDS),
        **present(body=present(text=text)),
        "action": action(content, check),
    }


def action(content: Card, check: Check) -> Json:
    if content.link and content.buttons:
        check.fault(f"{check.name} has both buttons and a link; it can have one of them.")
    if content.link:
        return link_action(content.link.title, content.link.url, check.at("/link", "the button"))
    return {"buttons": reply_buttons(content.buttons, "quick_reply", check)}
