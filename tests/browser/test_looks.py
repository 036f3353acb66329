"""Every kind of page of the back-office: usable by everybody, by light, in the dark and on a phone,
and in German.
"""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from selenium.webdriver import ActionChains, Keys

from tenants.models import Tenant
from tenants.scope import auth_scope, operator_scope
from tests.browser import axe
from tests.browser.person import Person
from tests.support.members import employ

pytestmark = pytest.mark.whatsapp

PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
WIDTHS = "return [window.innerWidth, document.documentElement.scrollWidth]"
PLAIN = ("/", "/staff/login/", "/staff/password/forgotten/", "/nothing/", "/admin/nothing/")

SIGNED_IN = (
    *("/admin/", "/admin/messaging/", "/admin/password_change/"),
    *("/staff/", "/staff/acme/members/", "/staff/password/"),
)
CHOOSE_ALL = """
document.querySelectorAll("[name=_selected_action]").forEach((each) => { each.checked = true; });
document.querySelector("[name=action]").value = "revoke";
document.querySelector("#changelist .actions button").click();
"""


@pytest.fixture
def operator(driver, web, both) -> Iterator[Person]:
    employ("hedy", both[0], "owner")
    with auth_scope():
        get_user_model().objects.filter(username="hedy").update(is_staff=True, is_superuser=True)
    person = Person(driver, web)
    person.open("/admin/login/")
    yield person
    person.complaints()  # of the pages here that are not there, or are nobody's
    person.leave()


def sign_in(operator: Person) -> None:
    operator.open("/admin/login/?next=/admin/").write("username", "hedy")
    operator.write("password", "correct horse")
    operator.driver.find_element("css selector", "input[type=submit]").click()
    assert operator.sees("What needs a hand")


def pages_of(page: admin.ModelAdmin) -> Iterator[str]:
    """A model's list; its form; and a row of it, with its history."""
    address = f"/admin/{page.opts.app_label}/{page.opts.model_name}/"
    yield address
    yield f"{address}add/"
    row = page.model._default_manager.order_by("-pk").first()
    if row is not None:
        yield from (f"{address}{row.pk}/change/", f"{address}{row.pk}/history/")


def pages() -> list[str]:
    with operator_scope():
        models = [each for _, each in sorted(admin.site._registry.items(), key=str)]
        of_models = [address for page in models for address in pages_of(page)]
    return [*SIGNED_IN, *of_models]


def look(operator: Person, scheme: str, *, is_phone: bool) -> None:
    wishes = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
    features = [{"name": name, "value": value} for name, value in wishes.items()]
    operator.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    if is_phone:
        operator.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    else:
        operator.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def faults(operator: Person, address: str) -> dict[str, object]:
    """What is wrong with a page, in each of its looks."""
    operator.open(address)
    return faults_here(operator, address)


def faults_here(operator: Person, address: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, scheme, is_phone in (
        ("light", "light", False),
        ("dark", "dark", False),
        ("phone", "light", True),
        ("phone, dark", "dark", True),
    ):
        look(operator, scheme, is_phone=is_phone)
        found[f"{address} {name}"] = axe.faults(operator.driver)
        if is_phone and operator.ask(WIDTHS) != [390, 390]:
            found[f"{address} {name}, width"] = operator.ask(WIDTHS)
    return {where: what for where, what in found.items() if what}


def test_everybody_can_use_every_page_by_light_in_the_dark_and_on_a_phone(operator):
    wrong: dict[str, object] = {}
    for address in PLAIN:
        wrong |= faults(operator, address)
    sign_in(operator)
    for address in pages():
        wrong |= faults(operator, address)

    assert wrong == {}


def test_a_page_that_asks_first_can_be_used_by_everybody(operator):
    sign_in(operator)
    operator.open("/admin/tenants/apikey/").ask(CHOOSE_ALL)
    assert operator.sees("Revoke these keys?")

    assert faults_here(operator, "revoke") == {}


def test_who_has_no_mouse_skips_to_the_page_and_sees_where_they_are(operator):
    sign_in(operator)
    operator.open("/admin/tenants/tenant/")
    keys = ActionChains(operator.driver)
    keys.send_keys(Keys.TAB).perform()
    skip = operator.ask(
        "const at = document.activeElement, { top } = at.getBoundingClientRect();"
        " return [at.innerText, getComputedStyle(at).outlineStyle, top >= 0]"
    )
    keys.reset_actions()
    keys.send_keys(Keys.ENTER).perform()

    assert skip == ["Skip to main content", "solid", True]
    assert operator.ask("return document.activeElement.id") == "content-start"


def test_people_of_every_script_are_read_from_their_own_side(operator):
    with operator_scope():
        Tenant.objects.filter(slug="acme").update(name="متجر 👟 (2)")
    sign_in(operator)
    operator.open("/admin/tenants/tenant/?q=acme")

    name = "document.querySelector('#result_list tbody .field-name')"
    assert operator.ask(f"return [{name}.innerText, getComputedStyle({name}).unicodeBidi]") == [
        "متجر 👟 (2)",
        "plaintext",
    ]


NOTEBOOK = {"width": 1265, "height": 900, "deviceScaleFactor": 1, "mobile": False}
WIDE = (
    *("messaging/message", "messaging/conversation", "messaging/contact", "channels/channel"),
    *("tenants/auditentry", "tenants/apikey"),
)


@pytest.mark.parametrize("screen", [NOTEBOOK, PHONE], ids=["notebook", "phone"])
def test_no_column_of_a_list_is_cut_off(operator, screen):
    sign_in(operator)
    operator.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    cut = {}
    for name in WIDE:
        operator.open(f"/admin/{name}/")
        results = "document.querySelector('#changelist .results')"
        cut[name] = operator.ask(f"return {results}.scrollWidth > {results}.clientWidth")

    assert cut == dict.fromkeys(WIDE, False)
