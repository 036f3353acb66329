"""Pictures of a page: by light, in the dark and on a phone, if SCREENSHOTS names a folder."""

import base64
import os
import time
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome

DESK = {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False}
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
LOOKS = {"light": (DESK, "light"), "phone": (PHONE, "light"), "dark": (DESK, "dark")}
FADE_SECONDS = 0.5  # how long Django's pages take to change their colours


def take(driver: Chrome, name: str) -> None:
    """Write NAME-light.png, NAME-phone.png and NAME-dark.png, each of the whole page."""
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for look, (screen, scheme) in LOOKS.items():
        show(driver, screen, scheme)
        time.sleep(FADE_SECONDS)
        taken = driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True}
        )
        Path(folder, f"{name}-{look}.png").write_bytes(base64.b64decode(taken["data"]))
    show(driver, DESK, "light")


def show(driver: Chrome, screen: dict[str, Any], scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
