"""A person at a real browser: what they press, what they see, and what the browser complains of."""

import tempfile
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from tests.browser import pictures
from tests.support.processes import eventually

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
QUIET = (
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
)
FLAGS = ("headless", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", *QUIET)
NO_SCRIPTS = {"profile.managed_default_content_settings.javascript": 2}
PAGE = "/connect/whatsapp/"
CONTRASTS = (Path(__file__).parent / "contrasts.js").read_text()


def launch(**preferences: Any) -> Chrome:
    """A browser with a profile of its own, which asks nobody for anything by itself."""
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (
        *FLAGS,
        f"user-data-dir={tempfile.mkdtemp(prefix='browser-')}",
        "window-size=1000,1100",
    ):
        options.add_argument(f"--{flag}")
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return Chrome(options, Service(DRIVER))


class Person:
    def __init__(self, driver: Chrome, web: str) -> None:
        self.driver, self.web = driver, web
        self.own_window = driver.current_window_handle

    def sign_in(self, name: str) -> "Person":
        self.open("/staff/login/")
        self.write("username", name)
        self.write("password", "correct horse")
        self.press("Sign in")
        assert self.sees("Your businesses")
        return self

    def open(self, path: str = PAGE) -> "Person":
        self.driver.get(f"{self.web}{path}")
        return self

    def button(self, words: str) -> Any:
        (found,) = [
            each for each in self.driver.find_elements(By.TAG_NAME, "button") if each.text == words
        ]
        return found

    def press(self, words: str) -> None:
        assert eventually(lambda: words in self.buttons(), seconds=10), (
            f"{words} is not among {self.buttons()}"
        )
        self.button(words).click()

    def follow(self, words: str) -> None:
        self.driver.find_element(By.LINK_TEXT, words).click()

    def unfold(self, words: str) -> None:
        """Open what is folded into a line that begins so."""
        (line,) = [
            each
            for each in self.driver.find_elements(By.TAG_NAME, "summary")
            if each.text.startswith(words)
        ]
        line.click()

    def write(self, name: str, words: str) -> None:
        self.driver.find_element(By.NAME, name).send_keys(words)

    def buttons(self) -> list[str]:
        """Those that can be seen."""
        seen = "[...document.querySelectorAll('button')].filter((each) => each.checkVisibility())"
        return self.ask(f"return {seen}.map((each) => each.innerText)")

    def ask(self, script: str, *given: Any) -> Any:
        return self.driver.execute_script(script, *given)

    @property
    def text(self) -> str:
        return self.ask("return document.body ? document.body.innerText : ''")

    def sees(self, words: str, seconds: float = 15) -> bool:
        return eventually(lambda: words in self.text, seconds)

    def station(self, name: str) -> None:
        """Pictures of where they are."""
        pictures.take(self.driver, name)

    @property
    def told(self) -> str:
        """What the page says of Meta's window."""
        return self.ask("return document.getElementById('told').innerText")

    def states(self) -> list[str]:
        """Of each step, in order."""
        return self.ask(
            "return [...document.querySelectorAll('#steps li')].map((each) => each.dataset.state)"
        )

    def seen_steps(self) -> list[str]:
        """The titles of those that are not folded away."""
        return self.ask(
            "return [...document.querySelectorAll('#steps .title')].map((each) =>"
            " each.innerText).filter(Boolean)"
        )

    def cards(self) -> list[str]:
        """The numbers that are listed."""
        return self.ask(
            "return [...document.querySelectorAll('.card')].map((each) =>"
            " each.innerText.replace(/\\s+/g, ' '))"
        )

    def sees_number(self, begins: str, seconds: float = 15) -> bool:
        """Whether a number's card begins so, once the page has been loaded again."""
        return eventually(lambda: any(card.startswith(begins) for card in self.cards()), seconds)

    def open_beside(self, address: str) -> None:
        """In a window that the page opens and that can speak to it."""
        self.ask("window.open(arguments[0], 'beside')", address)

    def complaints(self) -> list[str]:
        """What the browser's log says of errors and of the page's policy since it was asked
        last.
        """
        return [
            each["message"]
            for each in self.driver.get_log("browser")
            if each["level"] in ("SEVERE", "WARNING")
        ]

    def leave(self) -> None:
        """Every other window closed, and nothing kept for who comes next."""
        for window in set(self.driver.window_handles) - {self.own_window}:
            self.driver.switch_to.window(window)
            self.driver.close()
        self.driver.switch_to.window(self.own_window)
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
