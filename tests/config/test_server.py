"""What strangers may send to the web process as production runs it: nothing reaches the disk, and
nothing breaks a page.
"""

import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest

from tests.support.addresses import NO_ID
from tests.support.gunicorn import Gunicorn

pytestmark = pytest.mark.whatsapp

MIB = 1024 * 1024
UPLOAD = b'--x\r\nContent-Disposition: form-data; name="signed_request"; filename="a"\r\n\r\n'
ADDRESSES = [
    "/health",
    "/admin/",
    "/admin/login/",
    "/staff/",
    "/staff/login/",
    "/connect/whatsapp/",
    "/connect/whatsapp/finish/",
    "/connect/whatsapp/deauthorize",
    "/connect/whatsapp/deletion",
    "/connect/whatsapp/deletion/abc/",
    "/static/admin/css/base.css",
    "/nowhere",
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the process puts files that it keeps for a moment."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def gunicorn(
    database_name: str, files: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gunicorn]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TMPDIR", str(files))
        server = Gunicorn(database_name, tmp_path_factory.mktemp("gunicorn") / "log")
    server.wait_until_it_answers()
    yield server
    server.stop()


def connect(server: Gunicorn, line: str, *headers: str, host: str | None = None) -> socket.socket:
    """The head of a request is sent; the test sends the body."""
    named = [f"Host: 127.0.0.1:{server.port}"] if host is None else [f"Host: {host}"]
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(
        "\r\n".join([f"{line} HTTP/1.1", *named, *headers, "", ""]).encode("latin-1")
    )
    return connection


def answer(connection: socket.socket, method: str = "POST") -> tuple[int, bytes]:
    with connection:
        response = HTTPResponse(connection, method=method)
        response.begin()
        return response.status, response.read()


def ask(server: Gunicorn, line: str, *headers: str, host: str | None = None) -> int:
    return answer(connect(server, line, *headers, host=host), line.split(" ")[0])[0]


def memory(server: Gunicorn) -> int:
    """Bytes of the process and its workers."""
    pids = [
        server.process.pid,
        *map(
            int,
            Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
            .read_text()
            .split(),
        ),
    ]
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * 4096


@pytest.mark.parametrize("address", ADDRESSES)
def test_400_mb_are_refused_before_they_are_sent(gunicorn, files, db_rows, address):
    form = ["Content-Type: multipart/form-data; boundary=x", "Cookie: csrftoken=" + "a" * 32]
    before = memory(gunicorn)
    connection = connect(gunicorn, f"POST {address}", *form, f"Content-Length: {400 * MIB}")
    connection.sendall(UPLOAD)

    assert answer(connection) == (413, b"The request is too large.\n")
    assert (list(files.iterdir()), memory(gunicorn) - before < 8 * MIB) == ([], True)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stream_without_a_length_is_refused_as_soon_as_it_has_passed_1_mib(
    gunicorn, files, db_rows, address
):
    chunk = b"%x\r\n%s\r\n" % (64 * 1024, b"x" * 64 * 1024)
    before = memory(gunicorn)
    connection = connect(
        gunicorn,
        f"POST {address}",
        "Content-Type: multipart/form-data; boundary=x",
        "Transfer-Encoding: chunked",
    )
    connection.sendall(b"%x\r\n%s\r\n" % (len(UPLOAD), UPLOAD) + chunk * 17)

    assert answer(connection) == (413, b"The request is too large.\n")
    assert (list(files.iterdir()), memory(gunicorn) - before < 8 * MIB) == ([], True)


def test_a_form_in_chunks_is_a_form(gunicorn, db_rows):
    form = ["Content-Type: application/x-www-form-urlencoded", "Transfer-Encoding: chunked"]
    for body, status in ((b"signed_request=a.b", 403), (b"a&" * 2000, 400)):
        connection = connect(gunicorn, "POST /connect/whatsapp/deauthorize", *form)
        connection.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        assert answer(connection)[0] == status


def test_a_stream_that_breaks_is_answered_400(gunicorn, db_rows):
    connection = connect(
        gunicorn, "POST /connect/whatsapp/deauthorize", "Transfer-Encoding: chunked"
    )
    connection.sendall(b"zz\r\n")

    assert answer(connection) == (400, b"The request's body could not be read.\n")


HEADERS = [
    "SCRIPT_NAME: /x",
    "SCRIPT-NAME: /x",
    "PATH_INFO: /admin/",
    "REMOTE_USER: root",
    "REMOTE-USER: root",
    "Content-Type: text/plain; charset*=bogus''x",
    "Content-Type: a; b*0*=x''y; b*1=z",
    "Content-Type: a; charset=rot13",
    'Content-Type: \xff\xfe;;;=;"',
    'Cookie: \xff=\xfe; =; ;;; sessionid="\\000"; csrftoken=\xff',
    "Cookie: messages=xx:yy; sessionid=" + "a" * 7000,
    "Accept-Language: \xff,;q=;q=x, " + "a-" * 2000,
    "Accept: \xff/\xfe;q=zz,,,",
    "X-Forwarded-For: \xff, ,,",
    "X-Forwarded-Host: a b",
    "Referer: http://[::1",
    "Origin: http://[::1",
    "If-Modified-Since: \xff nonsense 99999999999",
    "Range: bytes=99999999999999999999-1,-",
    "Range: bytes=\xb2-",
    "X-CSRFToken: \xff",
    "Authorization: Basic \xff",
    "Expect: nonsense",
]


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: ascii(header[:40]))
def test_no_header_breaks_a_page(gunicorn, db_rows, header):
    lines = [f"{method} {address}" for method in ("GET", "POST") for address in ADDRESSES]
    answers = {
        line: ask(gunicorn, line, header, *(["Content-Length: 0"] if line.startswith("P") else []))
        for line in lines
    }

    assert {line: status for line, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "SCRIPT-NAME", "PATH_INFO", "PATH-INFO"])
def test_a_header_moves_no_page(gunicorn, db_rows, name):
    assert [
        ask(gunicorn, f"GET {path}", f"{name}: /admin")
        for path in ("/admin/login/", "/health", "/login/")
    ] == [200, 200, 404]


@pytest.mark.parametrize(
    "host",
    [
        "a b",
        "a,b",
        "\xfc.example",
        "",
        "127.0.0.1:99999999",
        "[::1",
        "../..",
        "127.0.0.1:x",
        "a" * 5000,
        '"',
        "127.0.0.1@x",
    ],
)
def test_no_host_breaks_a_page(gunicorn, db_rows, host):
    assert max(ask(gunicorn, f"GET {address}", host=host) for address in ADDRESSES) < 500


TARGETS = [
    "http://evil/admin/",
    "http://[::1/admin/",
    "http:",
    "//evil",
    "//evil/admin",
    "///",
    "*",
    "admin",
    "\\admin",
    "/%",
    "/%00",
    "/\xff",
    "/%ed%a0%80",
    "/%0d%0aX:1",
    "/%2f%2fevil",
    "/%5cevil",
    "/admin/%00",
    "/admin/%ff/",
    "/admin/%252e",
    "/admin/%0d%0aX:1",
    "/admin/messaging/message/%00/change/",
    "/admin/r/1/%00/",
    "/admin/r/999999999999999999999/1/",
    "/admin/autocomplete/?app_label=%00",
    "/admin/jsi18n/?%00",
    "/admin/login/?next=%zz%",
    "/admin?%00",
    "/health%0a",
    "/static/%00",
    "/static/%ff",
    "/static/%2e%2e/x",
    "/static/" + "a" * 3000,
    "/staff/%00/",
    "/staff/?a=%ff",
    "/staff/a/media/%00/",
    "/staff/login/?next=%00",
    "/staff/login/?next=%ed%a0%80",
    "/staff/login/?next=//evil",
    "/staff/login/?next=http://[::1",
    f"/connect/whatsapp/{NO_ID}/steps/?%00",
    "/connect/whatsapp/%00/steps/",
    "/connect/whatsapp/?tenant=%00&signup=%00",
    "/connect/whatsapp/callback?state=%ff%00&code=%00",
    "/connect/whatsapp/deletion/%00/",
    "/api/webhooks/%00",
    "/api/webhooks/whatsapp?hub.mode=%00&hub.verify_token=%ed%a0%80",
]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: ascii(target[:50]))
def test_no_target_breaks_a_page(gunicorn, db_rows, target):
    methods = ("GET", "POST", "PUT", "OPTIONS", "NONSENSE")
    assert max(ask(gunicorn, f"{method} {target}", "Content-Length: 0") for method in methods) < 500
