"""The API's description: checked in, without a warning, and complete for every operation."""

import io
import json
import re
from pathlib import Path

import jsonschema
import pytest
from django.core.management import call_command

from tenants.api.docs import description
from tenants.models import KeyScope
from tests.support.api_schema import operations

FILE = Path(__file__).resolve().parents[3] / "docs" / "openapi.json"
VERBS = (
    "list_",
    "get_",
    "send_",
    "update_",
    "create_",
    "delete_",
    "revoke_",
    "rotate_",
    "export_",
    "erase_",
    "replay_",
    "set_",
    "merge_",
    "close_",
    "reopen_",
    "hand_over_",
    "hand_back_",
    "mark_",
    "pass_",
    "release_",
    "take_",
    "show_",
    "simulate_",
    "upload_",
    "download_",
)
every_operation = pytest.mark.parametrize("operation", operations(), ids=lambda each: each.id)


def plain() -> dict:
    return json.loads(json.dumps(description()))


def test_the_file_in_the_repository_is_the_description():
    assert json.loads(FILE.read_text()) == plain(), "type `make openapi`"


def test_it_is_made_without_a_warning():
    said = io.StringIO()

    call_command("spectacular", validate=True, fail_on_warn=True, stdout=said, skip_checks=True)

    assert said.getvalue().startswith("openapi: 3.1.1")


def test_operations_are_named_as_people_would_name_methods():
    names = [operation.id for operation in operations()]

    assert len(set(names)) == len(names) > 15
    assert [name for name in names if not name.startswith(VERBS)] == []


@every_operation
def test_each_operation_says_what_it_does_and_which_scope_it_needs(operation):
    told, _, needs = operation.told["description"].rpartition("\n\n")

    assert re.match("[A-Z].*[.]", told, re.DOTALL)
    assert re.fullmatch("Needs the scope `([a-z:]+)`[.]", needs)[1] in KeyScope.values
    assert operation.told["security"] == [{"key": []}]


@every_operation
def test_each_operation_names_its_faults(operation):
    faults = {"400", "401", "403", "404", "429", "503"}
    with_body = {"409", "413", "415", "422"} if operation.body else set()

    assert faults | with_body <= set(operation.told["responses"])


@every_operation
def test_each_example_is_as_its_schema_says(operation):
    bodies = [operation.told.get("requestBody", {}), *operation.told["responses"].values()]
    contents = [content for body in bodies for content in body.get("content", {}).values()]
    examples = [
        (content["schema"], given)
        for content in contents
        for given in (
            [content["example"]]
            if "example" in content
            else [each["value"] for each in content.get("examples", {}).values()]
        )
    ]

    assert len(examples) >= len(contents) > 0
    for schema, given in examples:
        whole = {**schema, "components": plain()["components"]}
        jsonschema.Draft202012Validator(whole).validate(given)


def test_no_enum_is_nullable():
    """Generators of clients trip over them."""
    text = FILE.read_text()

    assert '"enum": [\n' in text
    assert not re.search(r'"enum": \[[^\]]*null', text)
