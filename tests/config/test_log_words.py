"""Canaries put through log calls, exceptions and libraries' loggers are found in no line, of either
form.
"""

import ast
import io
import json
import logging
from pathlib import Path
from uuid import UUID

import pytest

from config.json_logs import JsonLines
from config.log_settings import logging_settings
from config.logs import Lines
from tests.config import failing

PROJECT = Path(__file__).resolve().parent.parent.parent
MESSAGE = UUID("01a204db-d4b2-7652-861f-d79f213b8342")
CHANNEL = UUID("01a204db-d4b2-7652-861f-d79f213b8343")
DELIVERY = UUID("01a204db-d4b2-7652-861f-d79f213b8344")
CANARIES = {
    "token": "EAAGm0PX4ZCpsBAcanary9ZBZCq0ZD",
    "signature": "sha256=" + "0a1b2c3d" * 8,
    "API key": "mk_live_9f8e7d6c5b4a39281706canary",
    "webhook secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "phone number": "+46700000001",
    "digits": "46700000001",
    "PIN": "pin-731902",
    "text": "my secret wish is a canary",
}
PATTERNED = [name for name in CANARIES if name not in {"PIN", "text"}]
FORMS = {"LINES": Lines("{levelname} {name}: {message}", style="{"), "JSON": JsonLines()}


@pytest.fixture(params=FORMS)
def written(request: pytest.FixtureRequest):
    """What the handlers of such a form write of what is done meanwhile: `written(do)`."""

    def written(do) -> str:
        output = io.StringIO()
        handler = logging.StreamHandler(output)
        handler.setFormatter(FORMS[request.param])
        root = logging.getLogger()
        level, handlers = root.level, root.handlers
        root.handlers = [handler]
        root.setLevel(logging.DEBUG)
        try:
            do()
        finally:
            root.handlers = handlers
            root.setLevel(level)
        return output.getvalue()

    return written


@pytest.mark.parametrize("name", PATTERNED)
def test_what_looks_like_a_number_or_a_secret_is_masked_in_a_line_of_ours(written, name):
    def do() -> None:
        logging.getLogger("messaging.x").warning("It is %s.", CANARIES[name])
        logging.getLogger("whatsapp.x").warning(f"It is {CANARIES[name]}, and {CANARIES[name]}")

    lines = written(do)
    assert (CANARIES[name] in lines, lines.count("It is …")) == (False, 2)


@pytest.mark.parametrize("name", CANARIES)
@pytest.mark.parametrize("library", ["botocore.auth", "asyncio.x", "s3transfer.x", "x"])
def test_a_library_is_told_by_its_place_alone(written, library, name):
    canary = CANARIES[name]

    def do() -> None:
        logger = logging.getLogger(library)
        logger.debug("Sending %s with %r", canary, {"Authorization": canary})
        logger.error(f"It failed for {canary}", stack_info=True)

    lines = written(do)
    assert (canary in lines, lines.count("a line at test_log_words:")) == (False, 2)


@pytest.mark.parametrize("name", CANARIES)
def test_an_exception_is_told_by_its_type_and_its_place_alone(written, name):
    def do() -> None:
        try:
            try:
                failing.outer(CANARIES[name])
            except ValueError as error:
                error.add_note(CANARIES[name])
                raise KeyError(CANARIES[name]) from error
        except KeyError:
            logging.getLogger("messaging.x").exception("It failed.")

    lines = written(do)
    told = ("KeyError" in lines, "tests/config/test_log_words.py:" in lines)
    assert (CANARIES[name] in lines, *told) == (False, True, True)


@pytest.mark.parametrize("name", CANARIES)
def test_a_sentence_that_does_not_take_its_values_is_written_without_them(written, capsys, name):
    lines = written(lambda: logging.getLogger("messaging.x").error("%s and %s", CANARIES[name]))

    said = lines + "".join(capsys.readouterr())
    assert (CANARIES[name] in said, lines.count("%s and %s")) == (False, 1)


@pytest.mark.parametrize(
    "line",
    [
        "Message 01a204db-d4b2-7652-861f-d79f213b8342 failed (code 131047): It is too late.",
        "The database failed take_in (OperationalError 57P01); trying again.",
        "It failed (KeyError at messaging/inbound/leasing.py:101 process < jobs.py:12 work).",
        "Deliveries recorded: 200; new messages: 400; answers queued: 0; statuses: 1200000.",
        "The number's permission ends on 2026-11-28 12:04:05.123456+00:00.",
        "Not Found: /api/v1/conversations",
    ],
)
def test_ids_codes_places_counts_and_times_stay(written, line):
    lines = written(lambda: logging.getLogger("messaging.x").error("%s", line))
    assert lines.count(line) == 1


def as_json(*arguments: object, name: str = "messaging.x", **more: object) -> dict:
    record = logging.LogRecord(name, logging.ERROR, "x.py", 7, arguments[0], arguments[1:], None)
    record.__dict__.update(more)
    return json.loads(JsonLines().format(record))


def test_an_id_behind_its_noun_is_a_field():
    line = as_json("Message %s on channel %s failed (code %s): %s", MESSAGE, CHANNEL, "none", "Why")
    assert {key: line[key] for key in line if key not in {"time", "process"}} == {
        "level": "ERROR",
        "logger": "messaging.x",
        "message": f"Message {MESSAGE} on channel {CHANNEL} failed (code none): Why",
        "message_id": str(MESSAGE),
        "channel_id": str(CHANNEL),
    }


def test_a_line_of_a_request_has_its_id_as_a_field():
    class Request:
        request_id = "proxy-0123456789"

    assert as_json("It failed.", request=Request())["request_id"] == "proxy-0123456789"
    assert as_json("It failed.").get("request_id") is None


def test_a_line_of_a_batch_has_its_first_ids_as_a_list():
    line = as_json("Recorded: 1.", delivery_ids=[DELIVERY], message_ids=[])
    assert (line["delivery_ids"], line.get("message_ids")) == ([str(DELIVERY)], None)


def test_the_setting_chooses_the_form():
    forms = [logging_settings("INFO", form)["handlers"]["stderr"]["formatter"] for form in FORMS]
    assert forms == ["LINES", "JSON"]


# what a value is called that belongs into no log line
NEVER_LOGGED = {"text", "body", "token", "secret", "pin", "phone_number", "recipient", "password"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def logged_names(path: Path) -> set[str]:
    """The names and attributes that the log calls of a module hand over."""
    calls = (
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LEVELS
        and ast.unparse(node.func.value) in {"logger", "logging"}
    )
    return {
        each.id if isinstance(each, ast.Name) else each.attr
        for call in calls
        for argument in call.args
        for each in ast.walk(argument)
        if isinstance(each, ast.Name | ast.Attribute)
    }


def test_no_log_call_of_ours_is_handed_a_text_a_number_or_a_secret():
    apps = ("config", "tenants", "channels_app", "messaging", "whatsapp")
    files = [path for app in apps for path in (PROJECT / app).rglob("*.py")]
    logged = {path: logged_names(path) for path in files}

    assert {path: names for path, names in logged.items() if names & NEVER_LOGGED} == {}
    assert len([names for names in logged.values() if names]) > 20
