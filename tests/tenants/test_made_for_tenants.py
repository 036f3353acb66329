"""A tenant is never a field of a form: channels, keys and links are made from their tenant's page,
whose address names it.
"""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from uuid_utils.compat import uuid7

from channels_app.models import Channel
from tenants.admin.made_for_tenants import MadeForTenants
from tenants.models import ApiKey, ConnectLink, Tenant, User
from tenants.scope import auth_scope, operator_scope
from tests.support.back_office import form_for

pytestmark = pytest.mark.whatsapp

KEY = {"name": "Shop", "scopes": ["messages:read"], "requests_per_second": "50", "burst": "200"}
LINK = {"kind": "whatsapp", "return_url": "https://shop.example/back", "hours": "48"}
CHANNEL = {"kind": "whatsapp", "is_test": "on", "name": "Tests", "messages_per_second": ""}
MADE = {
    "tenants/apikey": (ApiKey, KEY),
    "tenants/connectlink": (ConnectLink, LINK),
    "channels/channel": (Channel, CHANNEL),
}


@pytest.fixture
def staff(db_rows) -> Client:
    client = Client()
    with auth_scope():
        client.force_login(User.objects.create_superuser("root", password="of the tests"))
    return client


def owners(model: type[Model]) -> list[str | None]:
    with operator_scope():
        return list(model.objects.values_list("tenant__slug", flat=True))


def test_no_form_of_the_back_office_has_a_tenant_among_its_fields(staff, acme):
    pages = [f"/admin/{page}/add/?tenant={acme.pk}" for page in MADE]
    pages += [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/"
        for model in admin.site._registry
    ]
    shown = [page for page in map(staff.get, pages) if page.status_code == 200]
    forms = [page for page in shown if "adminform" in page.context]
    fields = [set(page.context["adminform"].form.fields) for page in forms]

    assert (len(forms) > 5, [names for names in fields if "tenant" in names]) == (True, [])


@pytest.mark.parametrize("page", MADE)
def test_what_is_made_belongs_to_the_tenant_of_the_address_whatever_the_form_says(
    page, staff, acme, globex
):
    model, form = MADE[page]
    address = form_for(page, acme)
    shown = staff.get(address)
    answer = staff.post(address, {**form, "tenant": str(globex.pk), "tenant_id": str(globex.pk)})

    assert (shown.status_code, "<h2><bdi>Acme</bdi></h2>" in shown.content.decode()) == (200, True)
    assert (answer.status_code in (200, 302), owners(model)) == (True, ["acme"])


@pytest.mark.parametrize("page", MADE)
@pytest.mark.parametrize("asked", ["", "?tenant=", "?tenant=nonsense", "?tenant=%00", "?tenant=id"])
def test_without_a_tenant_the_form_leads_to_the_tenants_and_makes_nothing(page, asked, staff, acme):
    model, form = MADE[page]
    address = f"/admin/{page}/add/{asked.replace('=id', f'={uuid7()}')}"
    shown, answer = staff.get(address), staff.post(address, {**form, "tenant": str(acme.pk)})

    said = unescape(shown.content.decode())
    assert (shown.status_code, answer.status_code, owners(model)) == (200, 400, [])
    assert "This is made from its tenant's page: find the tenant, open it" in said
    assert '<a href="/admin/tenants/tenant/" class="button">Find the tenant</a>' in said


def test_the_page_of_a_tenant_leads_to_each_form(staff, acme):
    page = staff.get(f"/admin/tenants/tenant/{acme.pk}/change/").content.decode()
    links = re.findall(r'<a href="([^"]+)" class="button">([^<]+)</a>', page)

    assert dict(links) == {
        form_for("tenants/apikey", acme): "Make an API key",
        form_for("tenants/connectlink", acme): "Make a connect link",
        form_for("channels/channel", acme): "Connect a channel",
    }


def test_a_key_of_the_platforms_own_has_an_address_of_its_own(staff, acme):
    first = staff.get("/admin/tenants/apikey/add/").content.decode()
    (address,) = re.findall(r'href="([^"]+)">Make a key of the platform', first)
    form = staff.get(address).context["adminform"].form
    staff.post(address, {**KEY, "tenant": str(acme.pk)})

    assert set(form.fields) & {"tenant", "scopes"} == set()
    with operator_scope():
        assert [(key.tenant, key.scopes) for key in ApiKey.objects.all()] == [(None, ["platform"])]


def test_superusers_alone_make_a_key_of_the_platforms_own(db_rows, acme: Tenant):
    client = Client()
    with auth_scope():
        user = User.objects.create_user("grace", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__endswith="_apikey"))
        client.force_login(user)
    first = client.get("/admin/tenants/apikey/add/")
    made = client.post("/admin/tenants/apikey/add/?platform=yes", KEY)
    of_acme = client.post(form_for("tenants/apikey", acme), KEY)

    assert (first.context["others"], made.status_code, of_acme.status_code) == ([], 400, 200)
    with operator_scope():
        assert [(key.tenant, key.scopes) for key in ApiKey.objects.all()] == [
            (acme, ["messages:read"])
        ]


def test_who_may_not_add_is_refused_with_and_without_a_tenant(db_rows, acme: Tenant):
    client = Client()
    with auth_scope():
        user = User.objects.create_user("grace", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="view_tenant"))
        client.force_login(user)
    makers = [each for each in admin.site._registry.values() if isinstance(each, MadeForTenants)]

    assert len(makers) == len(MADE)
    for page in MADE:
        for address in (form_for(page, acme), f"/admin/{page}/add/"):
            assert client.get(address).status_code == 403
    shown = client.get(f"/admin/tenants/tenant/{acme.pk}/change/").content.decode()
    assert "Make an API key" not in shown
