"""Validate the values given for a template's buttons against the buttons that it has. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from channels_app.content import TemplateButton
from whatsapp.message_templates.definition import Button, Buttons
from whatsapp.message_templates.given import placed
from whatsapp.sending.limits import Check, quoted


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


def check_buttons(given: Sequence[Any], defined: Buttons, check: Check) -> None:
    """`given`: the components of a template or of a card, where `check` stands."""
    buttons = {button.index: (button, its) for button, its in placed(TemplateButton, given, check)}
    for index in sorted(set(buttons) - set(range(len(defined)))):
        _, of_button = buttons[index]
        unknown = check.called(f"button with index {index}")
        of_button.at("/index").fault(f"There is no {unknown}; the template has {len(defined)}.")
    for index, button in enumerate(defined):
        if rule := rule_of(button):
            sent, of_button = buttons.get(index, (None, check))
            called = of_button.at("", f"the button with index {index}")
            check_fit(sent, rule, button.type, called)


def check_fit(button: TemplateButton | None, rule: Rule, sort: str, check: Check) -> None:
    values = len(button.values) if button else 0
    of_values = check.at("/values") if button else check
    if button and button.kind not in rule.kinds:
        check.at("/kind").fault(
            f"{check.name} is a {sort} button; it is sent as {quoted(button.kind)}."
        )
    elif values < rule.least:
        of_values.fault(f"{check.name} needs a value; none is given.")
    elif values > rule.most:
        of_values.fault(f"{check.name} takes {amount(rule.most)}; it is given {amount(values)}.")


def amount(values: int) -> str:
    return {0: "no value", 1: "1 value"}.get(values) or f"{values} values"
