"""What anybody may send to any address: a body within bounds, no file, and nothing that breaks a
page.
"""

import json

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.support.addresses import every_address

pytestmark = pytest.mark.whatsapp

MIB = 1024 * 1024
WEBHOOK = "/api/webhooks/whatsapp"
API = "/api/v1/"
MEDIA = "/api/v1/media"
PAGES = [address for address in every_address() if address not in (WEBHOOK, MEDIA)]
# what they get is looked at without a sign-in
CALLBACKS = ["/connect/whatsapp/deauthorize", "/connect/whatsapp/deletion"]
LOGINS = ["/admin/login/", "/staff/login/"]
FORM = "application/x-www-form-urlencoded"
PART = 'Content-Disposition: form-data; name="{}"'


@pytest.fixture
def client(db_rows) -> Client:
    return Client(raise_request_exception=False)


def statuses(
    client: Client,
    body: bytes,
    content_type: str,
    addresses=PAGES,
    method: str = "POST",
    **more: str,
) -> set[int]:
    return {
        client.generic(method, address, body, content_type, **more).status_code
        for address in addresses
    }


def multipart(*parts: str, boundary: str = "x") -> bytes:
    return (
        "".join(f"--{boundary}\r\n{part}\r\n" for part in parts).encode()
        + f"--{boundary}--\r\n".encode()
    )


@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "PATCH", "DELETE", "OPTIONS", "NONSENSE"])
@pytest.mark.parametrize(
    "content_type", [FORM, "multipart/form-data; boundary=x", "application/json", ""]
)
def test_more_than_1_mib_is_refused_at_every_page_whoever_asks(client, method, content_type):
    pages = [page for page in PAGES if not page.startswith(API)]
    answers = [client.generic(method, page, b"x" * (MIB + 1), content_type) for page in pages]

    assert {(answer.status_code, answer["Content-Type"], answer.content) for answer in answers} == {
        (413, "text/plain", b"The request is too large.\n")
    }


@pytest.mark.parametrize("method", ["POST", "GET", "PATCH", "NONSENSE"])
def test_the_api_refuses_more_than_1_mib_with_problem_details(client, method):
    pages = [page for page in PAGES if page.startswith(API)]
    answers = [client.generic(method, page, b"x" * (MIB + 1), "application/json") for page in pages]

    assert {
        (answer.status_code, answer["Content-Type"], answer.json()["code"]) for answer in answers
    } == {(413, "application/problem+json", "too_large")}


@pytest.mark.parametrize("length", ["1048577", "9" * 15, "9" * 30, "9" * 5000])
def test_a_body_is_refused_by_the_length_that_it_says(client, length):
    assert statuses(client, b"a=b", FORM, CONTENT_LENGTH=length) == {413}


@pytest.mark.parametrize("length", ["abc", "-1", "1e3", "0x10", "+5", " 5", "1,1", "٣", "²", "nan"])
def test_a_length_that_is_no_number_is_refused_everywhere_at_the_webhook_too(client, length):
    assert statuses(client, b"a=b", FORM, [*PAGES, WEBHOOK], CONTENT_LENGTH=length) == {400}


def test_a_body_of_1_mib_is_read(client):
    body = b"signed_request=".ljust(MIB, b"x")

    assert (
        statuses(client, body, FORM, CALLBACKS),
        statuses(client, body + b"x", FORM, CALLBACKS),
    ) == ({403}, {413})


def test_the_apis_address_of_files_takes_17_mib(client):
    assert [
        client.post(MEDIA, b"x" * size, "application/json").status_code
        for size in (17 * MIB, 17 * MIB + 1)
    ] == [401, 413]


def test_the_webhooks_own_limit_stays_8_mib(client):
    assert [
        client.post(WEBHOOK, b"x" * size, "application/json").status_code
        for size in (8 * MIB, 8 * MIB + 1)
    ] == [401, 413]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([f'{PART.format("a")}; filename="a.txt"\r\n\r\nhello'], id="a file"),
        pytest.param(
            [f'{PART.format("a")}; filename="a"\r\nContent-Type: {FORM}\r\n\r\nhello'],
            id="of another type",
        ),
        pytest.param(
            [f"{PART.format('a')}; filename*=utf-8''a\r\n\r\nhello"], id="of an encoded name"
        ),
        pytest.param(
            [f'{PART.format("a")}; filename="{number}"\r\n\r\nx' for number in range(5000)],
            id="thousands",
        ),
        pytest.param(
            [
                f"{PART.format('b')}\r\n\r\nx",
                f'{PART.format("a")}; filename="a"\r\n\r\n{"x" * 900_000}',
            ],
            id="large",
        ),
        pytest.param(
            [f"{PART.format('a')}\r\nX: {'y' * 100_000}\r\n\r\nx"], id="with a huge header"
        ),
        pytest.param(
            [
                f'{PART.format("a")}; filename="a"\r\nContent-Transfer-Encoding:'
                f" base64\r\n\r\n{'QUFB' * 9}"
            ],
            id="in base64",
        ),
    ],
)
def test_a_form_with_a_file_is_refused_wherever_forms_are_read(client, parts, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    addresses = [*CALLBACKS, *LOGINS]
    client.cookies["csrftoken"] = "a" * 32

    assert statuses(client, multipart(*parts), "multipart/form-data; boundary=x", addresses) == {
        400
    }
    assert list(tmp_path.iterdir()) == []


def test_a_form_of_many_parts_without_a_file_is_a_form(client):
    body = multipart(*(f"{PART.format(number)}\r\n\r\nx" for number in range(900)))

    assert statuses(client, body, "multipart/form-data; boundary=x", CALLBACKS) == {403}


def test_an_empty_choice_of_a_file_is_no_file(client):
    body = multipart(
        f'{PART.format("file")}; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n'
    )

    assert statuses(client, body, "multipart/form-data; boundary=x", CALLBACKS) == {403}


def test_a_million_fields_are_refused(client):
    assert statuses(client, b"a&" * 500_000, FORM, CALLBACKS) == {400}
    assert {client.get(f"{login}?{'a&' * 2000}").status_code for login in LOGINS} == {400}


CONTENT_TYPES = [
    *(
        f"multipart/form-data; boundary=x; charset={name}"
        for name in ("rot13", "zlib", "unicode_escape", "idna", "undefined")
    ),
    "multipart/form-data",
    f"multipart/form-data; boundary={'x' * 300}",
    "multipart/form-data; boundary=\xff",
    "multipart/form-data; boundary*=utf-8''x",
    "multipart/mixed; boundary=x",
    f"{FORM}; charset=utf-16",
    f"{FORM}; charset=rot13",
    "\xff\xfe;;;=",
]


@pytest.mark.parametrize("content_type", CONTENT_TYPES, ids=lambda text: ascii(text[:60]))
@pytest.mark.parametrize("name", ["a", "*=rot13''x", "*=bogus''x", '"\ud800', "signed_request"])
def test_no_content_type_and_no_parts_header_breaks_a_page(client, content_type, name):
    client.cookies["csrftoken"] = "a" * 32
    part = (
        "Content-Disposition: form-data;"
        f" name{name if name.startswith('*') else f'={name}'}\r\n\r\n\\ud800"
    )
    body = multipart(part.encode("utf-8", "surrogatepass").decode("latin-1"))

    assert max(statuses(client, body, content_type, [*CALLBACKS, *LOGINS])) < 500


def test_words_are_utf_8_whatever_charset_a_request_names(client):
    """Others decode to halves of characters, which no database takes."""
    answer = client.generic(
        "GET", "/staff/login/?next=/%E4%BD%A0", b"", "text/plain; charset=latin-1"
    )

    assert (answer.status_code, "/你" in answer.content.decode()) == (200, True)


def test_a_small_body_at_every_address_breaks_none(client):
    bodies = {
        FORM: b"a=%00&b=%ED%A0%80&%=%zz",
        "application/json": json.dumps({"a": "\x00"}).encode(),
        "text/plain": b"\xff",
    }
    for content_type, body in bodies.items():
        for method in ("GET", "POST", "PUT"):
            answers = {
                address: client.generic(method, address, body, content_type).status_code
                for address in every_address()
            }
            answers.pop("/health/ready")  # 503: no worker runs here
            assert {address: status for address, status in answers.items() if status >= 500} == {}


def test_no_page_of_who_signs_in_is_kept_by_a_browser_not_even_a_redirect_or_an_error(client):
    client.cookies["csrftoken"] = "a" * 32
    kept = []
    for page in (page for page in PAGES if page.startswith(settings.PRIVATE_PATHS)):
        answers = [
            client.get(page),
            client.post(page),
            client.post(page, {"file": SimpleUploadedFile("a", b"x")}),
        ]
        answers.append(client.generic("POST", page, b"x" * (MIB + 1), FORM))
        kept += [
            (page, answer.status_code)
            for answer in answers
            if "no-store" not in answer.get("Cache-Control", "")
        ]

    assert kept == []
