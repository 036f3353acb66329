"""A tenant's file is there for its own people, and for nobody else as if it were not."""

import io
import uuid

import pytest
import requests

from channels_app.models import Channel
from messaging.media import transfer
from messaging.models import Media
from tenants.scope import operator_scope
from tests.support.members import employ, sign_in

pytestmark = pytest.mark.whatsapp

MARKUP = b"<script>alert(1)</script>"
NAMED = 'attachment; filename="offer.html"'


@pytest.fixture
def stored(acme, globex, acme_whatsapp: Channel, jobs) -> Media:
    """A document of Acme's, which a browser would run."""
    return transfer.put(
        acme.id, io.BytesIO(MARKUP), kind="document", mime_type="text/html", filename="offer.html"
    )


def address(web: str, slug: str, media_id: object) -> str:
    return f"{web}/staff/{slug}/media/{media_id}/"


def ask(session: requests.Session, url: str) -> tuple[int, bytes]:
    answer = session.get(url, timeout=10)
    return answer.status_code, answer.content


def test_a_member_saves_it_and_no_browser_shows_or_runs_it(web, acme, stored):
    employ("ada", acme)
    session, _ = sign_in(web, "ada")
    answer = session.get(address(web, "acme", stored.id), timeout=10)

    assert (answer.status_code, answer.content) == (200, MARKUP)
    kept = ("Content-Disposition", "Content-Type", "X-Content-Type-Options", "Cache-Control")
    assert [answer.headers[name] for name in kept] == [
        NAMED,
        "application/octet-stream",
        "nosniff",
        "private, no-store",
    ]


def test_it_is_as_unknown_to_others_as_one_that_is_not_there(web, acme, globex, stored):
    employ("ada", acme)
    employ("grace", globex)
    ada, _ = sign_in(web, "ada")
    grace, _ = sign_in(web, "grace")
    nothing = ask(grace, address(web, "globex", uuid.uuid4()))

    assert ask(ada, address(web, "acme", stored.id))[0] == 200
    assert nothing[0] == 404
    assert ask(grace, address(web, "globex", stored.id)) == nothing
    assert ask(grace, address(web, "acme", stored.id)) == nothing
    assert ask(grace, address(web, "nobody", stored.id)) == nothing


def test_a_stranger_is_sent_to_sign_in_and_comes_back_to_the_file(web, acme, stored):
    employ("ada", acme)
    wanted = f"/staff/acme/media/{stored.id}/"
    assert requests.get(f"{web}{wanted}", timeout=10).url == f"{web}/staff/login/?next={wanted}"

    _, answer = sign_in(web, "ada", then=wanted)
    assert (answer.url, answer.content) == (f"{web}{wanted}", MARKUP)


def test_one_that_is_not_fetched_is_not_there(web, acme, stored):
    employ("ada", acme)
    session, _ = sign_in(web, "ada")
    with operator_scope():
        Media.objects.update(status="failed")

    assert ask(session, address(web, "acme", stored.id))[0] == 404
