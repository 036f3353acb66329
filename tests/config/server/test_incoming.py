"""A request is whole at the same byte however it is cut into pieces, and what is malformed is left
to gunicorn's own parser.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.server.incoming import HEAD_BYTES, Incoming, Refused

MIB = 1024 * 1024
HEAD = b"POST /api/webhooks/whatsapp?x=1 HTTP/1.1\r\nHost: x\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = {
    "without a body": (b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", b""),
    "with a length": (HEAD + b"content-length:  5 \r\n\r\nhello", b""),
    "with a length of none": (HEAD + b"Content-Length: 0\r\n\r\n", b""),
    "with another behind it": (HEAD + b"Content-Length: 5\r\n\r\nhello", b"GET / HTTP/1.1\r\n\r\n"),
    "in chunks": (CHUNKED + b"5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n", b""),
    "in chunks with a trailer": (CHUNKED + b"1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n", b"GET"),
    "in no chunk": (CHUNKED + b"0\r\n\r\n", b""),
}


def fed(pieces: list[bytes], at_most: int = MIB) -> tuple[Incoming, int]:
    """The request, and how many pieces it took to be whole."""
    incoming = Incoming()
    for number, piece in enumerate(pieces, 1):
        incoming.feed(piece)
        if incoming.is_whole(at_most):
            return incoming, number
    return incoming, 0


@pytest.mark.parametrize(("request_bytes", "behind"), WHOLE.values(), ids=WHOLE.keys())
def test_a_request_is_whole_with_its_last_byte_and_not_before(request_bytes, behind):
    for cut in range(1, len(request_bytes)):
        assert fed([request_bytes[:cut]])[1] == 0
    incoming, _ = fed([request_bytes + behind])

    is_chunked = b"chunked" in request_bytes
    assert (b"".join(incoming.parts()), incoming.rest(), incoming.is_ambiguous) == (
        request_bytes,
        behind,
        is_chunked,
    )
    assert incoming.path in (b"/api/webhooks/whatsapp", b"/health")


@given(
    st.sampled_from(sorted(WHOLE)), st.lists(st.integers(min_value=1, max_value=40), max_size=40)
)
def test_however_it_is_cut_the_same_request_is_read(name, sizes):
    request_bytes, behind = WHOLE[name]
    everything, pieces = request_bytes + behind, []
    for size in [*sizes, len(everything)]:
        pieces.append(everything[:size])
        everything = everything[size:]
    incoming, number = fed(pieces)

    assert (b"".join(incoming.parts()), number > 0) == (request_bytes, True)


@pytest.mark.parametrize(
    "malformed",
    [
        pytest.param(HEAD + b"Content-Length: -1\r\n\r\n", id="a length below none"),
        pytest.param(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", id="two lengths"),
        pytest.param(HEAD + b"Content-Length: 0x5\r\n\r\n", id="a length that is no number"),
        pytest.param(
            HEAD + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n", id="a length without end"
        ),
        pytest.param(
            HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            id="a length beside chunks",
        ),
        pytest.param(CHUNKED + b"zz\r\n", id="a chunk without a size"),
        pytest.param(CHUNKED + b"-5\r\nhello\r\n", id="a chunk of less than nothing"),
        pytest.param(CHUNKED + b"5" * 2000, id="a size that does not end"),
    ],
)
def test_what_cannot_be_followed_goes_to_gunicorn_and_its_connection_is_not_kept(malformed):
    incoming, number = fed([malformed])

    assert (number, incoming.is_ambiguous) == (1, True)


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        pytest.param(
            [b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * HEAD_BYTES], 431, id="a head that does not end"
        ),
        pytest.param(
            [b"GET / HTTP/1.1\r\nX: " + b"a" * HEAD_BYTES + b"\r\n\r\n"],
            431,
            id="a head that ends too late",
        ),
        pytest.param(
            [HEAD + b"Content-Length: 1048577\r\n\r\n"], 413, id="a length beyond the limit"
        ),
        pytest.param(
            [CHUNKED + b"100000\r\n", b" " * MIB + b"\r\n1\r\n"], 413, id="chunks beyond the limit"
        ),
        pytest.param([CHUNKED + b"FFFFFFFFFFFF\r\n"], 413, id="one chunk beyond the limit"),
        pytest.param([CHUNKED + b"1\r\nx\r\n" * 20_001], 413, id="more chunks than anybody sends"),
        pytest.param(
            [CHUNKED + (b"1;" + b"x" * 1000 + b"\r\nx\r\n") * 3000],
            413,
            id="chunks that are mostly something else",
        ),
        pytest.param(
            [CHUNKED + b"0\r\n" + b"X: y\r\n" * 20_000], 431, id="trailers that do not end"
        ),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_there(pieces, status):
    with pytest.raises(Refused) as refused:
        fed(pieces)

    assert refused.value.status == status


def test_a_request_whose_client_ends_in_the_middle_is_what_is_there():
    incoming, _ = fed([HEAD + b"Content-Length: 5\r\n\r\nhel"])
    incoming.cut_off()

    assert (incoming.is_whole(MIB), list(incoming.parts())[1], incoming.is_ambiguous) == (
        True,
        b"hel",
        True,
    )
