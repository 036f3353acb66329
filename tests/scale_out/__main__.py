"""Run these tests below a network of their own: `python -m tests.scale_out`, with the arguments of
pytest.

Where the kernel refuses such a network nothing is tested: that is said, and no failure. What else
is missing is one.
"""

import errno
import os
import shutil
import subprocess
import sys

NEEDED = {"unshare": "util-linux", "ip": "iproute2"}  # programs, and Debian's packages
AS_ROOT = ["unshare", "--net", "--mount"]
AS_ANYBODY = ["unshare", "--user", "--map-current-user", "--keep-caps", "--net", "--mount"]
# each of what network.py does, in namespaces that end with it
TRIED = """
    ip link add name tried type bridge
    && ip link add tried-1 type veth peer name tried-2
    && mount --bind /etc/hostname /etc/hosts
"""
# not allowed; no more, or none at all, of such namespaces; no bridges
REFUSALS = (errno.EPERM, errno.EACCES, errno.ENOSPC, errno.EINVAL, errno.EOPNOTSUPP)
SAID = (*map(os.strerror, REFUSALS), "Unknown device type")
SKIPPED = (
    "SKIPPED, nothing was tested: the kernel refuses a network of machines ({said}). Run this as"
    " root with CAP_NET_ADMIN and CAP_SYS_ADMIN (docker run --cap-add NET_ADMIN --cap-add"
    " SYS_ADMIN), or as somebody else where everybody may make user namespaces (sysctl"
    " user.max_user_namespaces above 0)."
)
PYTEST = [sys.executable, "-m", "pytest", "--confcutdir=tests/scale_out", "tests/scale_out"]


def main() -> None:
    for program, package in NEEDED.items():
        if not shutil.which(program):
            raise SystemExit(f"`{program}` is missing: install {package}.")
    # in a user namespace of its own root cannot become nobody, who runs PostgreSQL
    way = AS_ANYBODY if os.geteuid() else AS_ROOT
    tried = subprocess.run(
        [*way, "sh", "-c", " ".join(TRIED.split())],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    said = tried.stderr.strip()
    if not tried.returncode:
        os.execvp(way[0], [*way, *PYTEST, *sys.argv[1:]])  # noqa: S606
    if not any(refusal.lower() in said.lower() for refusal in SAID):
        raise SystemExit(f"No network of machines could be made, for another reason: {said}")
    sys.stderr.write(SKIPPED.format(said=said) + "\n")


if __name__ == "__main__":
    main()
