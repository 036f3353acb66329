"""Values as people paste them: in quotation marks, between blanks, in a .env file."""

import logging
from pathlib import Path

import pytest

from config import environment
from config.environment import given, one_of, optional, port_number, positive, required

NAME = "A_VALUE_OF_THE_TESTS"
HALF_QUOTED = (
    f"{NAME} has a quotation mark at one end without its partner at the other: write the value"
    " without any."
)


@pytest.fixture
def in_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read):
    """What is read of a .env file with this text, and the sentences about it."""

    def in_file(text: str | bytes) -> tuple[str | None, list[str]]:
        path = tmp_path / ".env"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        monkeypatch.setenv(NAME, "")
        monkeypatch.delenv(NAME)  # and what the file sets is taken back after the test
        environment.faults.clear()
        environment.read_file(path)
        return given(NAME), list(environment.faults)

    return in_file


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("abc", "abc"),
        (" abc\t", "abc"),
        ("abc\r\n", "abc"),
        ("\ufeffabc\u200b", "abc"),
        ("\u00a0abc\u00a0", "abc"),
        ('"abc"', "abc"),
        ("'abc'", "abc"),
        (' " abc " ', "abc"),
        ("'\"abc\"'", "abc"),
        ("\"'abc'\"", "abc"),
        ('""', ""),
        ("a\"b'c", "a\"b'c"),
        ("it's", "it's"),
        ("$abc", "$abc"),
        ("a b", "a b"),
        ("", ""),
    ],
)
def test_a_value_is_what_stands_between_blanks_and_a_pair_of_quotation_marks(read, text, value):
    assert read(lambda: given(NAME), **{NAME: text}) == (value, [])


@pytest.mark.parametrize(
    "text",
    ['"abc', 'abc"', "'abc", "abc'", "\"abc'", "'abc\"", '"a"b"', "“abc”", "‘abc’", "`abc`", '"'],
)
def test_quotation_marks_that_are_no_pair_are_refused_in_one_sentence(read, text):
    assert read(lambda: given(NAME), **{NAME: text})[1] == [HALF_QUOTED]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (f"{NAME}=abc", "abc"),
        (f"{NAME}= abc ", "abc"),
        (f"{NAME}='abc'", "abc"),
        (f'{NAME}="abc"', "abc"),
        (f'{NAME}= "abc" ', "abc"),
        (f"{NAME}='\"abc\"'", "abc"),
        (f"export {NAME}=abc", "abc"),
        (f"{NAME}=abc\r", "abc"),
        (f"# {NAME}=abc", None),
    ],
)
def test_a_line_of_the_file_says_the_same_as_a_variable(in_file, line, value):
    assert in_file(f"# ours\n\n{line}\n") == (value, [])
    assert in_file(line) == (value, [])


@pytest.mark.parametrize("line", [f'{NAME}="abc', f"{NAME}=abc'", f"{NAME}=“abc”"])
def test_half_quoted_lines_of_the_file_are_refused_as_variables_are(in_file, line):
    assert in_file(line)[1] == [HALF_QUOTED]


@pytest.mark.parametrize(
    "line", [f"{NAME} = canary", f"  {NAME}=canary", f"{NAME} =canary", f"export  {NAME}=canary"]
)
def test_a_line_with_blanks_around_its_name_is_named_and_not_repeated(in_file, caplog, line):
    with caplog.at_level(logging.DEBUG, logger="root"):
        found = in_file(f"# ours\n{line}")

    assert found == (None, ["Line 2 of .env has blanks around its name: write NAME=VALUE."])
    assert caplog.messages == []


def test_a_file_may_begin_with_a_byte_order_mark(in_file):
    assert in_file(f"{NAME}=abc".encode("utf-8-sig")) == ("abc", [])


def test_a_file_that_is_no_text_is_refused_and_one_that_is_not_there_is_none(in_file, tmp_path):
    assert in_file(f"{NAME}=abc".encode("utf-16")) == (
        None,
        [".env is not a text in UTF-8: save it as one."],
    )

    environment.faults.clear()
    environment.read_file(tmp_path / "nowhere")
    environment.read_file(tmp_path)
    assert environment.faults == []


@pytest.mark.parametrize("text", ["", " ", "''", '" "', "\t\n"])
def test_what_has_nothing_in_it_is_not_set(read, text):
    assert read(lambda: optional(NAME, "the default"), **{NAME: text}) == ("the default", [])
    assert read(lambda: required(NAME, purpose="is tried"), **{NAME: text}) == (
        "",
        [
            f"{NAME} is not set: it is tried. Set it in the environment or in .env (see"
            " .env.example)."
        ],
    )


@pytest.mark.parametrize(
    ("text", "seconds"), [("10", 10), (" 10 ", 10), ('"10"', 10), ("'0.5'", 0.5), ("10\n", 10)]
)
def test_a_number_may_stand_between_blanks_and_in_quotation_marks(read, text, seconds):
    assert read(lambda: positive(NAME, 1), **{NAME: text}) == (seconds, [])


@pytest.mark.parametrize("text", ["10s", "10 s", "1,5", "ten", "0", "-1", "nan", "1e9", ""])
def test_what_is_no_number_of_seconds_is_refused(read, text):
    assert read(lambda: positive(NAME, 1), **{NAME: text}) == (
        1,
        [f"{NAME} is {text!r}: it must be a positive number of seconds."],
    )


@pytest.mark.parametrize("text", ["8001", " 8001 ", '"8001"', "8001\n"])
def test_a_port_is_a_number(read, text):
    assert read(port_number, PORT=text) == ("8001", [])


@pytest.mark.parametrize(
    "text", ["http", "0", "65536", "-1", "80.0", "tcp://10.0.0.1:80", ":80", "80 81", "８０"]
)
def test_what_is_no_port_is_refused(read, text):
    assert read(port_number, PORT=text) == (
        "8000",
        [f"PORT is {text!r}: it must be a number from 1 to 65535."],
    )


@pytest.mark.parametrize("text", ["ERROR", "error", " Error ", '"error"', "'ERROR'"])
def test_a_word_is_known_however_it_is_written(read, text):
    assert read(lambda: one_of(NAME, "INFO", "INFO", "ERROR"), **{NAME: text}) == ("ERROR", [])
