"""Ada and Grace at a real browser, Meta at another site, and the background process beside them
(`make test-browser`).
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

import pytest
from selenium.webdriver import Chrome

from tests.browser.operator import NAME, Operator
from tests.browser.person import NO_SCRIPTS, Person, launch
from tests.support import processes
from tests.support.members import employ
from tests.support.operators import operator as make_operator
from tests.support.second_factor import enrol
from tests.support.whatsapp.connect_page import APP_ID, APP_SECRET
from whatsapp.stand_in.business import Business

pytestmark = pytest.mark.whatsapp
Someone = TypeVar("Someone", bound=Person)


@pytest.fixture
def meta(meta: Business, graph: Any, settings: Any) -> Business:
    """The business at Meta, whose pages are of another site than ours: browsers treat cookies and
    windows by sites.
    """
    settings.META_DIALOG_URL = graph.url.replace("127.0.0.1", "localhost")
    settings.META_SDK_URL = f"{settings.META_DIALOG_URL}/en_US/sdk.js"
    return meta


def opened(**preferences: Any) -> Iterator[Chrome]:
    driver = launch(**preferences)
    profile = driver.capabilities["chrome"]["userDataDir"]
    yield driver
    driver.quit()
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture(scope="session")
def driver() -> Iterator[Chrome]:
    yield from opened()


@pytest.fixture
def driver_without_scripts() -> Iterator[Chrome]:
    yield from opened(**NO_SCRIPTS)


def at(
    driver: Chrome, web: str, comes: Callable[[Chrome, str], Someone] = Person
) -> Iterator[Someone]:
    """Whoever it is: the browser has nothing to complain of in the end."""
    person = comes(driver, web)
    yield person
    complaints = person.complaints()
    person.leave()
    assert complaints == []


@pytest.fixture
def somebody(driver: Chrome, web: str, acme: Any, meta: Business) -> Iterator[Person]:
    yield from at(driver, web)


@pytest.fixture
def olga(driver: Chrome, web: str, db_rows: Any) -> Iterator[Operator]:
    """Who may do everything in the back-office, and is not signed in yet."""
    app = enrol(make_operator(NAME))
    yield from at(driver, web, partial(Operator, app=app))


@pytest.fixture
def operator(olga: Operator) -> Operator:
    """She is signed in."""
    return olga.sign_in()


@pytest.fixture
def ada(somebody: Person, acme: Any) -> Person:
    employ("ada", acme, "owner")
    return somebody.sign_in("ada")


@pytest.fixture
def grace(somebody: Person, globex: Any) -> Person:
    employ("grace", globex, "owner")
    return somebody.sign_in("grace")


@pytest.fixture
def ada_without_scripts(
    driver_without_scripts: Chrome, web: str, acme: Any, meta: Business
) -> Iterator[Person]:
    employ("ada", acme, "owner")
    yield from at(driver_without_scripts, web)


@pytest.fixture
def working(meta: Business, graph: Any, database_name: str, tmp_path: Any) -> Iterator[None]:
    """The background process, running."""
    told = {
        "META_APP_ID": APP_ID,
        "META_APP_SECRET": APP_SECRET,
        "META_CONFIG_ID": "800000000000001",
    }
    running = processes.start(
        database_name, "jobs", META_GRAPH_URL=graph.url, MEDIA_ROOT=str(tmp_path), **told
    )
    yield
    running.terminate()
    running.communicate(timeout=20)


class Elsewhere(BaseHTTPRequestHandler):
    """Answers with one page, whatever is asked for."""

    def __init__(self, page: list[str], *args: Any) -> None:
        self.page = page
        super().__init__(*args)

    def do_GET(self) -> None:
        body = "".join(self.page).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another site: its address, and its page to write."""
    page: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Elsewhere, page))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", page
    server.shutdown()
    server.server_close()
