"""Every kind of page of the back-office: usable by everybody, by light, in the dark and on a phone,
and in German.
"""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model

from tenants.scope import auth_scope, operator_scope
from tests.browser import axe
from tests.browser.person import Person

pytestmark = pytest.mark.whatsapp

PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
WIDTHS = "return [window.innerWidth, document.documentElement.scrollWidth]"
PLAIN = ("/", "/staff/login/", "/staff/password/forgotten/", "/nothing/", "/admin/nothing/")


@pytest.fixture
def operator(driver, web, both) -> Iterator[Person]:
    with auth_scope():
        get_user_model().objects.create_superuser("hedy", password="correct horse")
    person = Person(driver, web)
    person.open("/admin/login/")
    yield person
    person.leave()


def sign_in(operator: Person) -> None:
    operator.open("/admin/login/?next=/admin/").write("username", "hedy")
    operator.write("password", "correct horse")
    operator.driver.find_element("css selector", "input[type=submit]").click()
    assert operator.sees("Back-office")


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
    return ["/admin/", "/admin/messaging/", "/admin/password_change/", *of_models]


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
