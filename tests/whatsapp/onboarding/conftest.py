"""Ada owns Acme, signs in, and has a WhatsApp account with a fresh number at Meta, whose side the
stand-in plays.
"""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from channels_app.models import Channel
from tests.support.members import employ, sign_in
from tests.support.whatsapp.connect_page import PAGE, channel, csrf, state_of
from whatsapp.stand_in.business import Business

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def ada(web: str, acme: Any) -> requests.Session:
    """Her browser, signed in."""
    employ("ada", acme, "owner")
    session, _ = sign_in(web, "ada")
    return session


Finish = Callable[..., requests.Response]


@pytest.fixture
def finish(web: str, ada: requests.Session, meta: Business) -> Finish:
    """The script hands a code over: finish(), or any of state, code, event, data, session."""

    def finish(session: requests.Session = ada, **told: Any) -> requests.Response:
        given = {
            "state": state_of(session, web),
            "code": meta.give_code(),
            "event": "FINISH",
            "data": meta.told(),
        } | told
        headers = {
            "X-CSRFToken": csrf(session, web)["csrfmiddlewaretoken"],
            "Referer": f"{web}{PAGE}",
        }
        return session.post(f"{web}{PAGE}finish/", json=given, headers=headers, timeout=10)

    return finish


@pytest.fixture
def connected(ada, account, meta, finish, jobs) -> Channel:
    finish()
    jobs()
    return channel()
