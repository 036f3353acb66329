"""Validate the values given for a template's buttons against the buttons that it has. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from channels_app.content import TemplateButton
from whatsapp.message_templates.definition import Button, Buttons
from whatsapp.sending.limits import quoted


@dataclass(frozen=True, kw_only=True)
class Rule:
    """As which kinds a button of one type may be sent, and with how many values."""

    kinds: tuple[str, ...] = ()
    least: int = 0
    most: int = 1


RULES = {
    "QUICK_REPLY": Rule(kinds=("quick_reply",)),
    "COPY_CODE": Rule(kinds=("copy_code",), least=1),
    "OTP": Rule(kinds=("url", "copy_code"), least=1),
    "FLOW": Rule(kinds=("flow",)),
    "CATALOG": Rule(kinds=("catalog",)),
    "MPM": Rule(kinds=("product_list",), least=1),
    "ORDER_DETAILS": Rule(kinds=("order_details",), least=1),
    "PHONE_NUMBER": Rule(),
}
OPEN_LINK, CLOSED_LINK = Rule(kinds=("url",), least=1), Rule(kinds=("url",), most=0)


def rule_of(defined: Button) -> Rule | None:
    if defined.type == "URL":
        return OPEN_LINK if "{{" in defined.url else CLOSED_LINK
    return RULES.get(defined.type)


def button_faults(given: list[TemplateButton], defined: Buttons, where: str) -> Iterator[str]:
    sent = {button.index: button for button in given}
    for index in sorted(set(sent) - set(range(len(defined)))):
        yield f"There is no button with index {index}{where}; the template has {len(defined)}."
    for index, button in enumerate(defined):
        if rule := rule_of(button):
            name = f"The button with index {index}{where}"
            yield from fit_faults(sent.get(index), rule, button.type, name)


def fit_faults(button: TemplateButton | None, rule: Rule, sort: str, name: str) -> Iterator[str]:
    values = len(button.values) if button else 0
    if button and button.kind not in rule.kinds:
        yield f"{name} is a {sort} button; it is sent as {quoted(button.kind)}."
    elif values < rule.least:
        yield f"{name} needs a value; none is given."
    elif values > rule.most:
        yield f"{name} takes {amount(rule.most)}; it is given {amount(values)}."


def amount(values: int) -> str:
    return {0: "no value", 1: "1 value"}.get(values) or f"{values} values"
