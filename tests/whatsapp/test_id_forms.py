"""What an id of a person is: its form says it, marks and blanks around it say nothing, and anything
else is none.
"""

import pytest

from whatsapp.id_forms import id_of, ids_of, written

pytestmark = pytest.mark.whatsapp

MARKS = (
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    "\u200b\u200c\u200d\u2060\ufeff\u00ad"
)
BLANKS = " \t\n\r\u00a0\u2007\u202f\u3000"
BSUID, PARENT, NUMBER = (
    ("bsuid", "CO.1001"),
    ("parent_bsuid", "CO.ENT.3001"),
    ("wa_id", "573000010011"),
)
IDS = [
    ("CO.1001", BSUID),
    ("CO.aBc9", ("bsuid", "CO.aBc9")),
    ("CO." + "9" * 128, ("bsuid", "CO." + "9" * 128)),
    ("CO.ENT.3001", PARENT),
    ("CO.ENT." + "a" * 128, ("parent_bsuid", "CO.ENT." + "a" * 128)),
    ("573000010011", NUMBER),
    (573000010011, NUMBER),
    ("+573000010011", NUMBER),
    ("4" * 512, ("wa_id", "4" * 512)),
    ("1", ("wa_id", "1")),
]
NONE = [
    *(
        "",
        " ",
        "\u200e",
        "unknown",
        "null",
        "None",
        "@ada",
        "ada@example.com",
        "573000010011@s.whatsapp.net",
        "CO",
        "CO.",
    ),
    *(
        "CO.ENT.",
        "co.1001",
        "COL.1001",
        "C0.1001",
        "CO.10 01",
        "CO.10-01",
        "CO.1001.2",
        "CO.FOO.1001",
        "CO." + "9" * 129,
    ),
    *(
        "CO.ENT." + "9" * 129,
        "CO.\u0661",
        "573 000 010 011",
        "57-300",
        "5.5",
        "-5",
        "++5",
        "+",
        "0",
        "000",
        "4" * 513,
        "\u0665\u0667",
    ),
    *("573\x00", "\ud83d573", "57300a"),
    *(None, True, False, 0, -5, 5.0, float("inf"), float("nan"), [], ["573"], {}, {"id": "573"}),
]


@pytest.mark.parametrize(("value", "expected"), IDS)
def test_the_form_says_what_an_id_is(value, expected):
    assert id_of(value) == expected


@pytest.mark.parametrize("value", NONE, ids=ascii)
def test_anything_else_is_no_id(value):
    assert id_of(value) is None


@pytest.mark.parametrize("sign", [*MARKS, *BLANKS], ids=ascii)
@pytest.mark.parametrize(
    ("value", "expected"), [(each[1], each) for each in (BSUID, PARENT, NUMBER)]
)
def test_marks_and_blanks_around_an_id_are_ignored(value, expected, sign):
    around = [
        f"{sign}{value}",
        f"{value}{sign}",
        f"{sign}{sign}{value} {sign}\u200e",
        f"\u2066{sign}{value}\u2069",
    ]

    assert [id_of(each) for each in around] == [expected] * 4


@pytest.mark.parametrize("mark", MARKS, ids=ascii)
def test_marks_within_an_id_are_ignored(mark):
    assert (id_of(f"573{mark}000010011"), id_of(f"CO.{mark}1001")) == (NUMBER, BSUID)


@pytest.mark.parametrize(
    "number",
    [
        "+57 300 0010011",
        "+57  300\u00a0001\u202f0011",
        "(+57) 300 001-0011",
        "+57 (300) 001 0011",
        "57.300.001.0011",
        "+57\u2011300\u20130010011",
        "\u202a+57 300\u200e 0010011\u202c",
        "573000010011",
    ],
    ids=ascii,
)
def test_a_number_is_understood_as_people_write_it_where_they_do(number):
    assert written(number) == NUMBER


@pytest.mark.parametrize(
    "value",
    ["call 573000010011", "57 300 x", "", "()", "+", "57/300", "4 " * 513, None, 5.5, ["57"]],
    ids=ascii,
)
def test_words_are_no_number_wherever_they_are_written(value):
    assert written(value) is None


def test_ids_come_once_each_and_the_most_lasting_first():
    given = [
        "573000010011",
        None,
        "CO.ENT.3001",
        "\u200e573000010011",
        "unknown",
        "CO.1001",
        573000010011,
        "CO.1002",
    ]

    assert ids_of(given) == (BSUID, ("bsuid", "CO.1002"), PARENT, NUMBER)
