"""A file is fetched as the provider does it, by a token that no failure may tell."""

import hashlib
from io import BytesIO

import pytest

from channels_app.providers import Downloaded, MediaError
from whatsapp.media import transfer

NUMBER, TOKEN = "400000000000001", "token-of-acme"
PHOTO = bytes(range(256)) * 700  # more than two pieces
HASH = hashlib.sha256(PHOTO).hexdigest()
NOT_REACHED = "The file's server could not be reached, or stopped in the middle; it is tried again."
UNLIKE = (
    "What came is not the file that WhatsApp described: its {} is another. Ask the person to send"
    " it again."
)


def download(*, at_most: int = 10**6) -> tuple[Downloaded, bytes]:
    into = BytesIO()
    return (
        transfer.download("7", phone_number_id=NUMBER, token=TOKEN, into=into, at_most=at_most),
        into.getvalue(),
    )


def refused(**limits: int) -> tuple[str, str]:
    """(what becomes of it, the sentence); whatever it was, it tells neither the token nor the
    address.
    """
    with pytest.raises(MediaError) as caught:
        download(**limits)
    error = caught.value
    assert [word for word in (TOKEN, "/files/", "?") if word in str(error)] == []
    assert (error.__cause__, error.__suppress_context__ or error.__context__ is None) == (
        None,
        True,
    )
    return error.then, str(error)
