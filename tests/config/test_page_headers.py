"""What every page tells the browser: what runs in it, who may frame it, what it may ask the device
for.
"""

import pytest
from django.test import Client

from tests.support.addresses import every_address

pytestmark = pytest.mark.whatsapp  # among the pages are those of connecting

HTML = "text/html; charset=utf-8"
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none';"
    " form-action 'self'"
)
EVERYWHERE = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
        " magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# it sets a cookie and leads on: its own address holds a secret
LINK = "/connect/whatsapp/link/x"
DOCS = "/api/v1/docs"


@pytest.fixture
def clients(root) -> dict[str, Client]:
    """Nobody, and who may do everything."""
    return {"nobody": Client(raise_request_exception=False), "root": root}


def test_every_answer_has_the_headers_of_a_page_and_pages_the_one_policy(clients):
    otherwise, pages = {}, 0
    for who, client in clients.items():
        for address in every_address():
            answer = client.get(address)
            found = {name: answer.get(name) for name in EVERYWHERE}
            pages += answer.get("Content-Type") == HTML
            if found != EVERYWHERE:
                otherwise[who, address] = {
                    name: value for name, value in found.items() if value != EVERYWHERE[name]
                }

    of_a_link = {"Referrer-Policy": "no-referrer"}
    of_docs = {"Content-Security-Policy": f"{POLICY}; img-src 'self' data:"}
    assert otherwise == {
        (who, address): found
        for who in clients
        for address, found in ((LINK, of_a_link), (DOCS, of_docs))
    }
    assert pages > 100
