"""The house's rules. When one fails, the code is in the wrong place; do not edit the number."""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).resolve().parent.parent
APPS = ("config", "tenants", "channels_app", "messaging", "whatsapp")
MAY_IMPORT = {
    "tenants": {"tenants"},
    "channels_app": {"channels_app", "tenants"},
    "messaging": {"messaging", "channels_app", "tenants"},
    "whatsapp": {"whatsapp", "channels_app", "tenants"},
    "config": set(APPS),
}
# what a room may import of its own app beside the ground, which are the modules of GROUND and the
# models
ROOMS = {
    "tenants/admin": {
        "api",
        "api_keys",
        "connect_links",
        "members",
        "replica",
        "second_factor",
        "web",
    },
    "tenants/api": {"api_keys", "connect_links", "replica", "web"},
    "tenants/api_keys": set(),
    "tenants/platform_api": {"api", "api_keys", "connect_links"},
    "tenants/connect_links": {"members"},
    "tenants/database": set(),
    "tenants/mail": set(),
    "tenants/management": {"api_keys", "connect_links", "database", "members", "second_factor"},
    "tenants/members": {"web"},
    "tenants/models": set(),
    "tenants/replica": set(),
    "tenants/second_factor": {"web"},
    "tenants/templatetags": set(),
    "tenants/web": set(),
    "messaging/contacts": set(),
    "messaging/conversations": set(),
    "messaging/logged": set(),
    "messaging/replies": set(),
    "messaging/media": set(),
    "messaging/metrics": set(),
    "messaging/monitoring": set(),
    "messaging/tracing": {"conversations"},
    "messaging/outbound": {"contacts", "conversations"},
    "messaging/outgoing_webhooks": set(),
    "messaging/deferred_replies": {"conversations", "outbound", "replies"},
    "messaging/inbound": {"contacts", "conversations", "media", "replies"},
    "messaging/maintenance": {"media", "outbound"},
    "messaging/privacy": {"contacts", "inbound"},
    "messaging/rehearsal": {"conversations", "inbound", "maintenance"},
    "messaging/api": {"contacts", "conversations", "media", "outbound"},
    "messaging/threads_api": {"api", "conversations"},
    "messaging/privacy_api": {"privacy"},
    "messaging/replies_api": {"replies"},
    "messaging/webhooks_api": {"outgoing_webhooks"},
    "messaging/admin": {
        "contacts",
        "conversations",
        "inbound",
        "media",
        "outbound",
        "monitoring",
        "outgoing_webhooks",
        "privacy",
        "replies",
        "tracing",
    },
    "messaging/management": {
        "conversations",
        "deferred_replies",
        "inbound",
        "maintenance",
        "monitoring",
        "outgoing_webhooks",
        "privacy",
        "rehearsal",
        "replies",
        "tracing",
        "worker",
    },
    "messaging/models": set(),
    "messaging/sql": set(),
    "channels_app/http": set(),
    "channels_app/providers": set(),
    "channels_app/lifecycle": {"providers"},
    "channels_app/content": set(),
    "channels_app/event_log": set(),
    "channels_app/events": set(),
    "channels_app/models": set(),
    "channels_app/api": {"event_log", "providers"},
    "channels_app/admin": {"forms", "lifecycle", "providers", "tasks", "template_sync"},
    "channels_app/management": {"lifecycle", "providers"},
    "whatsapp/errors": set(),
    "whatsapp/webhooks": set(),
    "whatsapp/graph": set(),
    "whatsapp/media": {"graph"},
    "whatsapp/redaction": {"webhooks"},
    "whatsapp/sending": {"media"},
    "whatsapp/message_templates": {"graph", "sending"},
    "whatsapp/business": {"graph"},
    "whatsapp/onboarding": {"business"},
    "whatsapp/pages": {"business", "health", "onboarding", "tasks", "webhooks"},
    "whatsapp/checklist": {"business", "graph", "media", "onboarding", "webhooks"},
    "whatsapp/stand_in": {"graph", "media", "webhooks"},
    "whatsapp/management": {"checklist", "onboarding", "stand_in"},
}
GROUND = {
    "tenants": {
        *(
            "audit",
            "deferring",
            "encryption",
            "isolation",
            "mail",
            "models",
            "naming",
            "origins",
            "passwords",
            "primary",
            "scope",
        )
    },
    "channels_app": {
        *(
            "content",
            "event_log",
            "events",
            "filenames",
            "latest_wins",
            "message_parts",
            "models",
            "redacted",
            "results",
            "simulated_ids",
            "storable",
        )
    },
    "messaging": {
        *(
            "arrivals",
            "database_errors",
            "failures",
            "logged",
            "metrics",
            "models",
            "next_steps",
            "problem",
            "progress",
            "references",
            "sql",
        )
    },
    "whatsapp": {
        "errors",
        "id_forms",
        "json_values",
        "models",
        "template_statuses",
        "wording",
    },
}
# one file a table, one file a call of Meta's, one file a command
LARGE_ROOMS = {
    "messaging/models",
    "whatsapp/stand_in",
    "tenants/management/commands",
    "messaging/management/commands",
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


def where(broken: Callable[[Path], object], paths: Iterable[Path] = FILES) -> dict[str, object]:
    """The files in which a rule is broken, and how."""
    found = {name_of(path): broken(path) for path in paths}
    return {name: faults for name, faults in found.items() if faults}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef))


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_the_top_level_holds_what_people_read_or_edit_and_nothing_that_was_downloaded():
    kinds = {path.suffix for path in PROJECT.iterdir() if path.is_file()}
    assert (
        kinds - {"", ".example", ".in", ".json", ".md", ".py", ".sql", ".toml", ".txt", ".yaml"}
        == set()
    )


def test_every_import_follows_the_arrows():
    def astray(path: Path) -> set[str]:
        return (set(imported(parsed(path))) & set(APPS)) - MAY_IMPORT[name_of(path).split("/")[0]]

    assert where(astray) == {}


def inner_imports(path: Path) -> Iterator[str]:
    """What a module imports of its own app, as paths below it: "outbound/dispatch", "errors"."""
    app = name_of(path).split("/")[0]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == app:
            below = node.module.split(".")[1:]
            yield from ("/".join(below) for _ in node.names[:1] if below)
            yield from (alias.name for alias in node.names if not below)


def inner_rooms(path: Path) -> set[str]:
    return {name.split("/")[0] for name in inner_imports(path)}


def test_a_room_imports_the_rooms_that_are_listed_for_it_and_its_apps_ground():
    def astray(path: Path) -> set[str]:
        app, room = name_of(path).split("/")[:2]
        return inner_rooms(path) - {room} - ROOMS[f"{app}/{room}"] - GROUND[app]

    in_rooms = [path for path in FILES if "/".join(name_of(path).split("/")[:2]) in ROOMS]
    assert (where(astray, in_rooms), len(in_rooms) > 200) == ({}, True)


def test_the_ground_of_an_app_imports_no_room():
    def astray(path: Path) -> set[str]:
        return inner_rooms(path) - GROUND[path.parent.name]

    ground = [path for path in FILES if path.stem in GROUND.get(path.parent.name, ())]
    assert (where(astray, ground), len(ground) > 15) == ({}, True)


def test_the_rooms_of_an_app_import_each_other_in_one_direction():
    for start in ROOMS:
        app, room = start.split("/")
        reached, waiting = set(), [start]
        while waiting:
            onward = {f"{app}/{name}" for name in ROOMS.get(waiting.pop(), set())} - reached
            reached |= onward
            waiting += onward
        assert start not in reached, room


def test_every_folder_of_an_app_with_rooms_is_listed_as_a_room():
    folders = {name_of(path.parent) for path in FILES if path.parent.parent.name in GROUND}
    assert folders <= set(ROOMS)


def test_no_room_holds_more_than_twelve_modules():
    rooms = {
        path.parent
        for path in FILES
        if name_of(path).split("/")[0] in GROUND and path.name != "__init__.py"
    }
    sizes = {
        name_of(room): len([p for p in room.glob("*.py") if p.name != "__init__.py"])
        for room in rooms
    }
    assert {
        room: size for room, size in sizes.items() if size > 12 and room not in LARGE_ROOMS
    } == {}


def test_a_room_says_what_it_is_for():
    silent = [
        room
        for room in ROOMS
        if "management" not in room
        and (PROJECT / room).parent.exists()  # an app may be taken away
        and not ast.get_docstring(parsed(PROJECT / room / "__init__.py"))
    ]
    assert silent == []


def test_no_import_hides_in_a_function_but_in_ready():
    def hiding(path: Path) -> list[str]:
        return [
            f.name for f in functions(path) if f.name not in {"ready", "main"} and list(imported(f))
        ]

    assert where(hiding) == {}


def test_files_and_functions_stay_small():
    sizes = {name_of(path): len(path.read_text().splitlines()) for path in FILES}
    assert ({name for name, size in sizes.items() if size > 250}, len(sizes) > 300) == (set(), True)

    def long(path: Path) -> list[tuple[str, int]]:
        return [(f.name, length(f)) for f in functions(path) if length(f) > 40]

    assert where(long) == {}


def test_statements_of_sql_have_lines_of_at_most_100_characters():
    statements = [path for app in APPS for path in (PROJECT / app).rglob("*.sql")]
    wide = {
        name_of(path): [line for line in path.read_text().splitlines() if len(line) > 100]
        for path in statements
    }
    assert ({name for name, lines in wide.items() if lines}, len(wide) > 40) == (set(), True)


def test_the_usual_file_and_the_usual_function_are_short():
    assert median(len(path.read_text().splitlines()) for path in FILES) <= 60
    assert median(length(f) for path in FILES for f in functions(path)) <= 8


def metas_words_in(path: Path) -> list[str]:
    """The identity kinds are public names of a column; everything else Meta's is the provider's
    business.
    """
    code = [line for line in path.read_text().splitlines() if "ContactIdentity" not in line]
    if name_of(path) == "messaging/models/identity.py":
        code = [
            line
            for line in code
            if not any(kind in line for kind in ("BSUID =", "WA_ID =", "kind__in="))
        ]
    return [
        word for word in METAS_WORDS for line in code if word in line.lower() and "help" not in line
    ]


def test_metas_words_stay_in_their_folder():
    neutral = [path for path in FILES if name_of(path).startswith(NEUTRAL)]
    assert (where(metas_words_in, neutral), len(neutral) > 150) == ({}, True)


def test_every_module_with_a_flow_says_what_it_is():
    telling = [
        path
        for path in FILES
        if path.name not in {"apps.py", "admin.py"} and "commands" not in path.parts
    ]
    silent = [name_of(path) for path in telling if not ast.get_docstring(parsed(path))]
    assert silent == []


# every test of these folders speaks WhatsApp, and every helper may
ALL_OF_WHATSAPP = (
    "tests/api_contract/",
    "tests/browser/",
    "tests/chaos/",
    "tests/documents/",
    "tests/first_hour/",
    "tests/poolers/",
    "tests/rehearsal/",
    "tests/scale_out/",
    "tests/support/whatsapp/",
    "tests/whatsapp/",
)
TESTS = {
    ".".join(path.relative_to(PROJECT).with_suffix("").parts): path
    for path in sorted((PROJECT / "tests").rglob("*.py"))
}


def imported_modules(path: Path) -> set[str]:
    """Every module that a file of tests imports of ours, by its whole name."""
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {node.module} | (below & set(TESTS))
    return found


def test_nobody_imports_a_test_module_or_a_conftest():
    fixed = {name for name in TESTS if name.split(".")[-1].startswith(("test_", "conftest"))}
    importing = {name: imported_modules(path) & fixed for name, path in TESTS.items()}
    assert {name: found for name, found in importing.items() if found} == {}


def is_marked(path: Path) -> bool:
    """Whether it has the line `pytestmark = pytest.mark.whatsapp`, or the mark in a list."""
    return any(
        isinstance(node, ast.Assign) and "pytest.mark.whatsapp" in ast.unparse(node)
        for node in parsed(path).body
    )


def test_what_is_not_marked_imports_nothing_that_speaks_whatsapp():
    plain = {
        name: imported_modules(path)
        for name, path in TESTS.items()
        if not (name_of(path).startswith(ALL_OF_WHATSAPP) or is_marked(path))
    }
    speaking = ("whatsapp.", *(folder.replace("/", ".") for folder in ALL_OF_WHATSAPP))
    found = {
        name: [each for each in sorted(modules) if f"{each}.".startswith(speaking)]
        for name, modules in plain.items()
    }
    assert {name: modules for name, modules in found.items() if modules} == {}


def test_all_that_is_collected_of_the_folders_that_speak_whatsapp_is_marked():
    collected = [
        path
        for path in TESTS.values()
        if name_of(path).startswith(ALL_OF_WHATSAPP)
        and (path.name == "conftest.py" or path.name.startswith("test_"))
    ]
    assert [name_of(path) for path in collected if not is_marked(path)] == []


def test_every_helper_of_the_tests_says_what_it_is():
    written = [path for path in TESTS.values() if path.read_text().strip()]
    assert [name_of(path) for path in written if not ast.get_docstring(parsed(path))] == []
