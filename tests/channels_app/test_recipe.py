"""CONTRIBUTING's recipe for a channel says what the protocols say."""

import inspect
import re
from pathlib import Path

from channels_app.providers import Provider
from tests.support.provider_contract import GROUPS, attributes_of, verbs_of

RECIPE = Path(__file__).parents[2].joinpath("CONTRIBUTING.md").read_text()
STEPS = RECIPE.split("## Add a channel")[1].split("\n## ")[0]


def written(verb: str, of: type) -> str:
    """`send(channel, body, to=)`: what is passed by its name ends in =."""
    parameters = list(inspect.signature(getattr(of, verb)).parameters.values())[1:]
    names = [
        f"{each.name}=" if each.kind is inspect.Parameter.KEYWORD_ONLY else each.name
        for each in parameters
    ]
    return f"{verb}({', '.join(names)})"


def test_the_recipe_has_each_attribute_that_a_provider_must_have():
    rows = re.findall(r"^ *\| `(\w+)` \| [^`]", STEPS, re.MULTILINE)
    assert set(rows) == attributes_of(Provider)


def test_the_recipe_has_each_verb_of_the_provider_as_it_is_called():
    rows = re.findall(r"^ *\| `(\w+\([^`]*\))` \|", STEPS, re.MULTILINE)
    assert rows == [written(verb, Provider) for verb in verbs_of(Provider)]


def test_the_recipe_has_each_optional_group_with_its_verbs():
    rows = re.findall(r"^ *\| `(\w+)` \| `(\w+\([^`]*\))` \|", STEPS, re.MULTILINE)
    assert rows == [
        (group.__name__, written(verb, group)) for group in GROUPS for verb in verbs_of(group)
    ]
    named = {name for group in GROUPS for name in attributes_of(group)}
    assert [name for name in named if f"`{name}`" not in STEPS] == []
