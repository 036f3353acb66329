"""In hardened mode each serving process answers its own addresses and no others."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.processes import SERVING
from config.served import Served
from tests.support.served import SERVED
from tests.support.starting import refuses

pytestmark = pytest.mark.whatsapp


def answer(path: str) -> HttpResponse:
    def answered(request: HttpRequest) -> HttpResponse:
        return HttpResponse("answered")

    return Served(answered)(RequestFactory().get(path))  # type: ignore[return-value]


@pytest.mark.parametrize("path", SERVED)
def test_each_address_is_served_by_one_process_and_the_others_name_it(path, settings):
    found = {}
    for settings.PROCESS in SERVING:
        given = answer(path)
        found[settings.PROCESS] = (given.status_code, given.content.decode())

    told = "The process {!r} does not serve this address, {!r} does: see docs/hardened.md.\n"
    assert found == {
        process: (200, "answered")
        if process == SERVED[path]
        else (404, told.format(process, SERVED[path]))
        for process in SERVING
    }


@pytest.mark.parametrize("path", SERVED)
def test_without_a_process_everything_is_served(path, settings):
    settings.PROCESS = ""
    assert answer(path).status_code == 200


def test_another_word_for_a_process_is_a_sentence():
    assert refuses(PROCESS="web") == [
        "PROCESS is 'web': it must be webhooks, api, pages, back-office, worker or jobs, or not be"
        " set."
    ]
