"""Run these tests below a network of their own: `python -m tests.scale_out`, with the arguments of
pytest.
"""

import os
import subprocess
import sys

WAYS = (
    ["unshare", "--net", "--mount"],
    ["unshare", "--user", "--map-current-user", "--keep-caps", "--net", "--mount"],
)
TRIED = ["ip", "link", "add", "name", "tried", "type", "bridge"]
IMPOSSIBLE = (
    "No network of machines can be made here. Run this as root with CAP_NET_ADMIN and"
    " CAP_SYS_ADMIN (docker run --cap-add NET_ADMIN --cap-add SYS_ADMIN), or where everybody may"
    " make user namespaces (sysctl user.max_user_namespaces above 0). `unshare` is of Debian's"
    " util-linux, `ip` of its iproute2."
)
PYTEST = [sys.executable, "-m", "pytest", "--confcutdir=tests/scale_out", "tests/scale_out"]


def works(way: list[str]) -> bool:
    try:
        return subprocess.run([*way, *TRIED], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def main() -> None:
    for way in filter(works, WAYS):
        os.execvp(way[0], [*way, *PYTEST, *sys.argv[1:]])  # noqa: S606
    raise SystemExit(IMPOSSIBLE)


if __name__ == "__main__":
    main()
