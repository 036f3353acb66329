"""axe-core, which looks for what people with disabilities could not use (`make axe` fetches it)."""

import base64
import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

VERSION = "4.14.1"
INTEGRITY = (
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
)
FOLDER = Path(__file__).resolve().parents[2] / ".axe"
SCRIPT = FOLDER / f"axe-{VERSION}.js"
LOOK = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then((found) => done(found.violations.flatMap(
  (rule) => rule.nodes.map((node) => [rule.id, node.target.join(" "), node.failureSummary]))));
"""


def faults(driver: Any) -> list[list[str]]:
    """What is wrong with the page that is shown: a rule, where, and how to mend it."""
    if not driver.execute_script("return Boolean(window.axe)"):
        driver.execute_script(SCRIPT.read_text())
    return driver.execute_async_script(LOOK)


def main() -> None:
    """Fetch the package from npm, and keep its script if the package is the one that we know."""
    FOLDER.mkdir(exist_ok=True)
    package = FOLDER / f"axe-core-{VERSION}.tgz"
    wanted = ["npm", "pack", "--silent", f"axe-core@{VERSION}", "--pack-destination", str(FOLDER)]
    subprocess.run(wanted, check=True, stdout=subprocess.DEVNULL)
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if digest != INTEGRITY:
        sys.exit(f"The package axe-core {VERSION} is not the one that we know: {digest}")
    with tarfile.open(package) as opened:
        SCRIPT.write_bytes(opened.extractfile("package/axe.min.js").read())  # type: ignore[union-attr]
    package.unlink()


if __name__ == "__main__":
    main()
