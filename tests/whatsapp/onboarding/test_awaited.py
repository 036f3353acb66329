"""People who wait for Meta in a page take a few threads at most; who comes beyond them loses
nothing.
"""

import threading

import pytest

from tests.support.processes import eventually
from tests.support.whatsapp.connect_page import PAGE, channel, notes, state_of
from whatsapp.pages.awaited import AT_ONCE

pytestmark = pytest.mark.whatsapp


def test_who_comes_while_as_many_wait_for_meta_is_told_to_come_back_and_their_state_is_still_good(
    web, ada, account, finish, graph, jobs
):
    graph.onboarding_script["exchange"].extend([{"delay": 2}] * AT_ONCE)
    states = [state_of(ada, web) for _ in range(AT_ONCE + 1)]
    waiting = [
        threading.Thread(target=finish, kwargs={"state": state}) for state in states[:AT_ONCE]
    ]
    for each in waiting:
        each.start()
    assert eventually(lambda: len(graph.onboarding_script["exchange"]) == 0)
    refused = finish(state=states[-1])
    page = ada.get(f"{web}{PAGE}callback", params={"state": states[-1], "code": "code"}, timeout=10)
    cancel = ada.get(
        f"{web}{PAGE}callback", params={"state": states[-1], "error": "access_denied"}, timeout=10
    )
    for each in waiting:
        each.join()

    assert (refused.status_code, refused.headers["Retry-After"], page.status_code) == (
        503,
        "5",
        503,
    )
    assert "Many businesses are being connected just now." in page.text
    assert (cancel.status_code, len(notes(cancel))) == (200, 1)  # Meta is not asked for that
    assert finish(state=states[-1]).status_code == 200
    jobs()
    assert channel().status == "live"
