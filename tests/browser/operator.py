"""An operator at the back-office in a real browser: finds things by the words that are seen."""

from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from tests.browser.person import Person
from tests.support.processes import eventually
from tests.support.second_factor import App

NAME = "olga"
PRESSED = (
    "return [...document.querySelectorAll('button, input[type=submit]')].filter((each) =>"
    " each.checkVisibility()).map((each) => [each, (each.innerText || each.value).trim()])"
)
COLUMN = """
const headings = [...document.querySelectorAll("#result_list thead th")];
const place = headings.findIndex((each) => each.innerText.trim().toLowerCase() === arguments[0]);
return place < 0 ? [] : [...document.querySelectorAll("#result_list tbody tr")].map(
  (row) => row.children[place].innerText.trim());
"""
SEARCHED = (
    "return document.readyState === 'complete' &&"
    " new URLSearchParams(location.search).get('q') === arguments[0]"
)
OPTIONS = (
    "return [...document.querySelectorAll('.select2-results__option')].map((each) =>"
    " each.innerText)"
)


class Operator(Person):
    """Who has set up a second factor; `app` makes its codes."""

    def __init__(self, driver: Chrome, web: str, app: App) -> None:
        super().__init__(driver, web)
        self.app = app

    def sign_in(self, name: str = NAME) -> "Operator":
        self.open("/admin/")
        self.give_password(name)
        self.give_code(self.app.next())
        return self

    def give_password(self, name: str = NAME) -> None:
        self.write("username", name)
        self.write("password", "correct horse")
        self.press("Log in")

    def give_code(self, code: str) -> None:
        assert self.sees("Enter a code")
        self.write("code", code)
        self.press("Go on")
        assert self.sees("What needs a hand")

    def sign_out(self) -> None:
        self.press("Log out")
        assert self.sees("Logged out")

    def sees(self, words: str, seconds: float = 10) -> bool:
        """Capitals are the stylesheet's."""
        return eventually(lambda: words.lower() in self.text.lower(), seconds)

    def press(self, words: str) -> None:
        """Press what has these words, or the only one that begins with them."""
        seen = self.ask(PRESSED)
        found = [each for each, said in seen if said == words]
        found = found or [each for each, said in seen if said.startswith(words)]
        assert len(found) == 1, f"{words} is not among {[said for _, said in seen]}"
        found[0].click()

    def follow(self, words: str) -> None:
        """Follow the first link that has these words, in the page rather than beside it."""
        self.ask("document.querySelector('#nav-sidebar')?.remove()")
        self.driver.find_element(By.PARTIAL_LINK_TEXT, words).click()

    def search(self, words: str) -> None:
        self.fill("Find", words)
        self.press("Search")
        assert eventually(lambda: self.ask(SEARCHED, words), seconds=10)

    def row(self, words: str) -> Any:
        """The first row of a list in which these words stand."""
        assert self.sees(words)
        rows = self.driver.find_elements(By.CSS_SELECTOR, "#result_list tbody tr")
        return next(each for each in rows if words.lower() in each.text.lower())

    def column(self, heading: str) -> list[str]:
        """What stands in a column of the list that is shown, from above."""
        return self.ask(COLUMN, heading.lower())

    def open_row(self, words: str) -> None:
        """Open the first row of a list in which these words stand."""
        self.row(words).find_element(By.CSS_SELECTOR, "th a").click()

    def order(self, action: str, *rows: str) -> None:
        """Choose the rows of a list in which these words stand, and run an action on them."""
        for words in rows:
            self.row(words).find_element(By.CSS_SELECTOR, "input[type=checkbox]").click()
        Select(self.driver.find_element(By.NAME, "action")).select_by_visible_text(action)
        self.press("Go")

    def field(self, label: str) -> Any:
        """The field with this label."""
        for each in self.driver.find_elements(By.TAG_NAME, "label"):
            if each.text.strip().rstrip(":").lower() == label.lower():
                return self.driver.find_element(By.ID, each.get_attribute("for"))
        raise AssertionError(f"no field is labelled {label}")

    def fill(self, label: str, words: str) -> None:
        field = self.field(label)
        field.clear()
        field.send_keys(words)

    def find_among(self, words: str) -> None:
        """Choose what a box to search in finds for these words alone."""
        self.driver.find_element(By.CSS_SELECTOR, ".select2-selection").click()
        self.driver.find_element(By.CSS_SELECTOR, ".select2-search__field").send_keys(words)
        assert eventually(lambda: self.ask(OPTIONS) == [words], seconds=10)
        self.driver.find_element(By.CSS_SELECTOR, ".select2-results__option").click()

    def choose(self, label: str, option: str) -> None:
        Select(self.field(label)).select_by_visible_text(option)
