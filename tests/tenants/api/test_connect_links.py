"""The platform's own software makes links with which owners connect a channel."""

import pytest
import requests

from tests.support.api import faults_of

pytestmark = pytest.mark.whatsapp


def test_a_link_lets_an_owner_without_an_account_connect_a_channel(platform, acme):
    body = {"kind": "whatsapp", "return_url": "https://shop.example/settings?tab=2"}

    made = platform.post(f"tenants/{acme.id}/connect-links", body)

    assert made.status_code == 201
    assert set(made.json()) == {"url", "expires_at"}
    page = requests.get(
        made.json()["url"].replace("http://127.0.0.1:8000", platform.base[:-8]), timeout=9
    )
    assert (page.status_code, "Acme" in page.text) == (200, True)


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"kind": "pigeon"}, 422, "/kind"),
        ({"return_url": "javascript:alert(1)"}, 422, "/return_url"),
        ({"return_url": "http://shop.example/"}, 422, "/return_url"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 422, "/expires_at"),
        ({"expires_at": "2090-01-01T00:00:00Z"}, 422, "/expires_at"),
    ],
)
def test_a_link_that_cannot_be_made_says_why(platform, acme, change, status, pointer):
    body = {"kind": "whatsapp", "return_url": "https://shop.example/", **change}

    refused = platform.post(f"tenants/{acme.id}/connect-links", body)

    assert (refused.status_code, [place for place, _ in faults_of(refused)]) == (status, [pointer])


def test_a_suspended_tenant_gets_no_link(platform, acme):
    platform.patch(f"tenants/{acme.id}", {"status": "suspended"})
    body = {"kind": "whatsapp", "return_url": "https://shop.example/"}

    refused = platform.post(f"tenants/{acme.id}/connect-links", body)

    assert (refused.status_code, refused.json()["code"]) == (409, "tenant_suspended")
