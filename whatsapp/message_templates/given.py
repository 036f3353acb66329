"""The parts of a template message, each with the check of its place. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from channels_app.content import TemplateBody, TemplateHeader
from whatsapp.sending.limits import Check

Kind = TypeVar("Kind")


@dataclass(frozen=True, kw_only=True)
class Given:
    """The values of a header or a body. `check` stands at all of them, or at the components where
    there is no header or no body.
    """

    values: list[tuple[Any, Check]]
    check: Check


def placed(kind: type[Kind], components: Sequence[Any], check: Check) -> list[tuple[Kind, Check]]:
    """The components of one kind; `check` stands at all of them."""
    return [
        (each, check.at(f"/{n}")) for n, each in enumerate(components) if isinstance(each, kind)
    ]


def given_of(
    kind: type[TemplateHeader] | type[TemplateBody],
    noun: str,
    components: Sequence[Any],
    check: Check,
) -> Given:
    found = placed(kind, components, check.at("", noun))
    return Given(
        values=[
            (value, of_component.at(f"/values/{n}"))
            for component, of_component in found
            for n, value in enumerate(component.values)
        ],
        check=found[0][1].at("/values") if found else check.at("", noun),
    )
