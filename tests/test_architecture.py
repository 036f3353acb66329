"""The house's rules. When one fails, the code is in the wrong place; do not edit the number."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

PROJECT = Path(__file__).resolve().parent.parent
APPS = ("config", "tenants", "channels_app", "messaging", "whatsapp")
MAY_IMPORT = {
    "tenants": {"tenants"},
    "channels_app": {"channels_app", "tenants"},
    "messaging": {"messaging", "channels_app", "tenants"},
    "whatsapp": {"whatsapp", "channels_app", "tenants"},
    "config": set(APPS),
}
NEUTRAL = ("tenants/", "messaging/", "channels_app/content/")
METAS_WORDS = ("wamid", "waba", "bsuid", "phone_number_id", "wa_id")
FILES = [
    path
    for app in APPS
    for path in sorted((PROJECT / app).rglob("*.py"))
    if "migrations" not in path.parts and path.read_text().strip()
]


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_import_follows_the_arrows(path):
    app = name_of(path).split("/")[0]
    assert {name for name in imported(ast.parse(path.read_text())) if name in APPS} <= MAY_IMPORT[app]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_import_hides_in_a_function_but_in_ready(path):
    hiding = [f.name for f in functions(path) if f.name not in {"ready", "main"} and list(imported(f))]
    assert hiding == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_and_functions_stay_small(path):
    assert len(path.read_text().splitlines()) <= 250
    assert [(f.name, length(f)) for f in functions(path) if length(f) > 40] == []


def test_the_usual_file_and_the_usual_function_are_short():
    assert median(len(path.read_text().splitlines()) for path in FILES) <= 60
    assert median(length(f) for path in FILES for f in functions(path)) <= 8


@pytest.mark.parametrize("path", [p for p in FILES if name_of(p).startswith(NEUTRAL)], ids=name_of)
def test_metas_words_stay_in_their_folder(path):
    """The identity kinds are public names of a column; everything else Meta's is the provider's business."""
    code = [line for line in path.read_text().splitlines() if "ContactIdentity" not in line]
    if name_of(path) == "messaging/models/identity.py":
        code = [line for line in code if not any(kind in line for kind in ("BSUID =", "WA_ID =", "kind__in="))]
    found = [word for word in METAS_WORDS for line in code if word in line.lower() and "help" not in line]
    assert found == []


def test_every_module_with_a_flow_says_what_it_is():
    telling = [path for path in FILES if path.name not in {"apps.py", "admin.py"} and "commands" not in path.parts]
    silent = [name_of(path) for path in telling if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []
