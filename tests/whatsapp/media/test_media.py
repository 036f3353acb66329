"""Files at Meta: what comes is what Meta described, or nothing; the token goes to Meta alone."""

import base64
import time
from io import BytesIO

import pytest

from channels_app.providers import Downloaded, MediaError
from tests.support.elsewhere import Elsewhere
from tests.whatsapp.media.fetching import (
    HASH,
    NOT_REACHED,
    NUMBER,
    PHOTO,
    TOKEN,
    UNLIKE,
    download,
    refused,
)
from whatsapp.media import transfer
from whatsapp.stand_in.files import HeldFile

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def photo(graph) -> HeldFile:
    graph.files["7"] = HeldFile(PHOTO, mime_type="image/jpeg")
    return graph.files["7"]


def test_a_file_comes_with_its_bytes_its_type_and_its_hash_and_the_token_went_to_graph(photo):
    assert download() == (Downloaded("image/jpeg", HASH, len(PHOTO)), PHOTO)
    assert photo.fetched_with == [TOKEN]


def test_a_hash_in_base64_as_webhooks_write_it_counts_as_well(photo):
    photo.told["sha256"] = "AAAA" + HASH[4:]
    assert refused()[0] == "failed"
    photo.told["sha256"] = base64.b64encode(bytes.fromhex(HASH)).decode()
    assert download()[0].sha256 == HASH


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        pytest.param({"sha256": "0" * 64}, UNLIKE.format("hash"), id="another hash"),
        pytest.param({"file_size": len(PHOTO) + 1}, UNLIKE.format("size"), id="a larger size"),
        pytest.param({"file_size": len(PHOTO) - 1}, UNLIKE.format("size"), id="a smaller size"),
        pytest.param(
            {"file_size": 10**7},
            "The file is larger than the 1000000 bytes it may have.",
            id="too large by itself",
        ),
    ],
)
def test_a_file_that_is_not_the_one_described_is_none(photo, told, sentence):
    photo.told |= told
    assert refused() == ("failed", sentence)


def test_what_is_described_as_too_large_is_never_asked_for(photo):
    assert refused(at_most=len(PHOTO) - 1)[0] == "failed"
    assert photo.fetched_with == []

    assert download(at_most=len(PHOTO))[1] == PHOTO


@pytest.mark.parametrize(
    "told", [{"sha256": None}, {"sha256": "ab"}, {"file_size": "many"}, {"file_size": -1}]
)
def test_a_file_without_a_hash_or_a_size_is_not_fetched_and_asked_for_again(photo, told):
    photo.told |= told
    assert refused() == (
        "retry",
        "WhatsApp's answer does not describe the file; it is tried again.",
    )
    assert photo.fetched_with == []


def test_a_file_cut_in_the_middle_is_tried_again(photo):
    photo.steps.append({"cut": 100_000})
    assert refused() == ("retry", NOT_REACHED)
    assert download()[1] == PHOTO


def test_an_address_that_is_gone_is_asked_for_anew(photo):
    photo.steps.extend([{"http": 404}, {"http": 410}])
    assert download()[1] == PHOTO
    assert len(photo.fetched_with) == 3


def test_three_addresses_that_are_gone_are_enough_for_this_time(photo):
    photo.steps.extend([{"http": 404}] * 3)
    assert refused() == (
        "retry",
        "WhatsApp's addresses of the file were no longer valid; it is tried again.",
    )
    assert len(photo.fetched_with) == 3


@pytest.mark.parametrize(
    ("step", "then"),
    [
        ({"http": 500}, "retry"),
        ({"http": 503, "headers": {"Retry-After": "90"}}, "retry"),
        ({"http": 401}, "retry"),
        ({"http": 429}, "retry"),
        ({"http": 204}, "failed"),
        ({"http": 400}, "failed"),
    ],
)
def test_what_the_files_server_answers_decides(photo, step, then):
    photo.steps.append(step)
    assert refused()[0] == then


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_its_target_never_asked(photo, status):
    with Elsewhere() as target:
        photo.steps.append({"http": status, "headers": {"Location": f"{target.url}/x"}})
        assert refused() == (
            "failed",
            "The file's server points to another address, which is not followed.",
        )

    assert (target.asked, photo.fetched_with) == ([], [TOKEN])


def test_another_port_of_this_machine_is_refused_and_never_asked(photo):
    with Elsewhere() as target:
        photo.told["url"] = f"{target.url}/files/7/x?token=1"
        assert refused() == (
            "failed",
            f"WhatsApp named an address for the file that is not among Meta's: {target.url}",
        )
        assert target.asked == []

        photo.told.clear()
        assert download()[1] == PHOTO


@pytest.mark.parametrize(
    "url", [None, "", "file:///etc/passwd", "http://[::1", ["http://127.0.0.1"], 7]
)
def test_an_address_that_is_none_is_refused(photo, url):
    photo.told["url"] = url
    assert refused() == (
        "failed",
        "WhatsApp named an address for the file that is not well-formed.",
    )


@pytest.mark.parametrize(
    ("step", "then", "parks"),
    [
        pytest.param({"code": 100, "http": 404}, "expired", "", id="404: it is gone"),
        pytest.param({"code": 100, "subcode": 33}, "expired", "", id="100/33: it is gone"),
        pytest.param({"code": "100", "subcode": " 33"}, "expired", "", id="the same as texts"),
        pytest.param(
            {"code": None, "http": 404},
            "retry",
            "",
            id="without a code nothing is said of the file",
        ),
        pytest.param({"http": 404}, "retry", "", id="a page's 404 says nothing"),
        pytest.param({"code": 100}, "failed", "", id="a bad parameter"),
        pytest.param({"code": 131052}, "failed", "", id="it could not be downloaded"),
        pytest.param({"code": 190, "http": 401}, "retry", "needs_reauth", id="a dead token"),
        pytest.param({"code": 10, "http": 403}, "retry", "needs_reauth", id="no permission"),
        pytest.param({"code": 4, "http": 429}, "retry", "", id="too often"),
        pytest.param({"code": 131000, "http": 500}, "retry", "", id="Meta's own fault"),
        pytest.param({"http": 502}, "retry", "", id="an error page"),
    ],
)
def test_graphs_word_on_the_file_decides_what_becomes_of_it(photo, step, then, parks):
    photo.unsaid.append(step)
    with pytest.raises(MediaError) as caught:
        download()

    assert (caught.value.then, caught.value.parks, photo.fetched_with) == (then, parks, [])


def test_an_id_that_is_a_path_is_asked_of_nobody(graph):
    with Elsewhere() as own, pytest.raises(MediaError) as caught:
        transfer.download(
            "../400/messages", phone_number_id=NUMBER, token=TOKEN, into=BytesIO(), at_most=9
        )

    assert (caught.value.then, own.asked) == ("failed", [])


def test_a_server_that_falls_silent_is_given_up(photo, monkeypatch):
    monkeypatch.setattr(transfer, "LEAST_SECONDS", 0.5)
    photo.steps.append({"delay": 3})
    began = time.monotonic()
    assert refused() == ("retry", NOT_REACHED)

    assert time.monotonic() - began < 2


def test_a_larger_file_has_more_time():
    assert [transfer.seconds_for(size * transfer.MB) for size in (0, 1, 16, 100)] == [
        30,
        30,
        60,
        375,
    ]


def test_nobody_listens_and_it_is_tried_again(settings):
    settings.META_GRAPH_URL = "http://127.0.0.1:1"
    assert refused() == ("retry", "The connection to WhatsApp could not be made.")
