"""An operator at the back-office in a real browser: finds things by the words that are seen, and
takes pictures of where they are, if SCREENSHOTS names a folder.
"""

import base64
import os
import time
from pathlib import Path
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from tests.browser.person import Person
from tests.support.processes import eventually

NAME = "olga"
DESK = {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False}
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
LOOKS = {"light": (DESK, "light"), "phone": (PHONE, "light"), "dark": (DESK, "dark")}
FADE_SECONDS = 0.5  # how long Django's pages take to change their colours
PRESSED = (
    "return [...document.querySelectorAll('button, input[type=submit]')].filter((each) =>"
    " each.checkVisibility()).map((each) => [each, (each.innerText || each.value).trim()])"
)


class Operator(Person):
    def sign_in(self, name: str = NAME) -> "Operator":
        """By name and password. The second factor comes after it."""
        self.open("/admin/")
        self.station("0-sign-in")
        self.write("username", name)
        self.write("password", "correct horse")
        self.press("Log in")
        assert self.sees("Log out")
        return self

    def sees(self, words: str, seconds: float = 10) -> bool:
        """Capitals are the stylesheet's."""
        return eventually(lambda: words.lower() in self.text.lower(), seconds)

    def press(self, words: str) -> None:
        """Press what begins with these words."""
        found = [each for each, said in self.ask(PRESSED) if said.startswith(words)]
        assert len(found) == 1, f"{words} is not among {[said for _, said in self.ask(PRESSED)]}"
        found[0].click()

    def follow(self, words: str) -> None:
        """Follow the first link that has these words, in the page rather than beside it."""
        self.ask("document.querySelector('#nav-sidebar')?.remove()")
        self.driver.find_element(By.PARTIAL_LINK_TEXT, words).click()

    def open_row(self, words: str) -> None:
        """Open the first row of a list in which these words stand."""
        rows = self.driver.find_elements(By.CSS_SELECTOR, "#result_list tbody tr")
        row = next(each for each in rows if words.lower() in each.text.lower())
        row.find_element(By.CSS_SELECTOR, "th a").click()

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

    def choose(self, label: str, option: str) -> None:
        Select(self.field(label)).select_by_visible_text(option)

    def station(self, name: str) -> None:
        """Pictures of the whole page: by light, in the dark, on a phone."""
        folder = os.environ.get("SCREENSHOTS")
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        for look, (screen, scheme) in LOOKS.items():
            self.look(screen, scheme)
            time.sleep(FADE_SECONDS)
            taken = self.driver.execute_cdp_cmd(
                "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True}
            )
            Path(folder, f"{name}-{look}.png").write_bytes(base64.b64decode(taken["data"]))
        self.look(DESK, "light")

    def look(self, screen: dict[str, Any], scheme: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
