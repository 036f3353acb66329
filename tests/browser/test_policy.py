"""Every kind of page of the back-office, and the API's, runs under the one policy: the browser
complains of nothing.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tenants.models import User
from tenants.scope import auth_scope
from tests.browser.person import Person

pytestmark = pytest.mark.whatsapp

LISTS = "[...document.querySelectorAll('#content-main .model-group a, #content-main th a')]"
ROW = "#result_list tbody th a"


@pytest.fixture
def root(driver: Chrome, web: str, both: Any) -> Iterator[Person]:
    with auth_scope():
        User.objects.create_superuser("root", password="correct horse")
        Group.objects.create(name="Readers")
    person = Person(driver, web)
    person.open("/admin/")
    person.write("username", "root")
    person.write("password", "correct horse")
    click(person, "[type=submit]")
    assert person.sees("What needs a hand")
    yield person
    person.leave()


def click(person: Person, selector: str) -> None:
    person.driver.find_element(By.CSS_SELECTOR, selector).click()


def complaints(person: Person) -> list[str]:
    """Without those of pages that answer 4xx by right."""
    return [each for each in person.complaints() if "status of 4" not in each]


def test_every_list_every_row_its_history_and_every_form_for_a_new_one(root):
    lists = root.ask(f"return {LISTS}.map((each) => each.pathname)")
    found, rows = {}, 0
    for each in sorted(set(lists)):
        root.open(f"{each}?q=a")
        root.open(each)
        row = root.ask(f"return document.querySelector('{ROW}')?.pathname")
        opened = [f"{each}add/"]
        if row:
            rows += 1
            opened += [row, row.replace("/change/", "/history/"), row.replace("change", "delete")]
        for page in opened:
            root.open(page)
        found[each] = complaints(root)

    assert {page: told for page, told in found.items() if told} == {}
    assert (len(found) > 15, rows > 12) == (True, True)


def test_the_widgets_of_the_back_office_work_under_the_policy(root):
    root.open("/admin/tenants/user/")
    click(root, ROW)
    click(root, ".datetimeshortcuts a")  # today
    click(root, ".date-icon")
    assert root.driver.find_element(By.CSS_SELECTOR, ".calendarbox").is_displayed()
    click(root, ".selector-chooseall, .selector-add")
    root.open("/admin/tenants/tenant/")
    click(root, ROW)
    click(root, ".add-row a")
    click(root, ".select2-selection")
    assert root.sees("root")
    root.driver.find_element(By.CSS_SELECTOR, ".select2-search__field").send_keys("\ue00c")
    root.open("/admin/tenants/user/")
    click(root, ".action-select")
    click(root, "#changelist-filter summary")
    click(root, ".theme-toggle")
    root.open("/admin/password_change/")
    root.open("/admin/auth/group/")
    click(root, ROW)
    click(root, ".deletelink")
    assert root.sees("Readers › Delete")

    assert complaints(root) == []


def test_an_action_asks_and_a_pop_up_gives_back_what_was_chosen(root):
    root.open("/admin/tenants/user/")
    click(root, ".action-select")
    root.ask("document.querySelector('select[name=action]').value = 'reset_second_factor'")
    click(root, "button[name=index]")
    assert root.sees("Reset the second factor?")
    root.open("/admin/tenants/user/")
    root.ask("window.open('/admin/tenants/tenant/add/?_popup=1', 'id_tenant', 'width=600')")
    (window,) = set(root.driver.window_handles) - {root.own_window}
    root.driver.switch_to.window(window)
    assert root.sees("Slug")
    assert complaints(root) == []


def test_the_description_of_the_api_can_be_read_and_tried(root):
    root.open("/api/v1/docs")
    assert root.sees("Messaging")
    assert root.sees("/api/v1/channels", seconds=30)
    click(root, ".opblock-summary-control")
    assert root.sees("Try it out")
    click(root, ".try-out__btn")

    assert complaints(root) == []
