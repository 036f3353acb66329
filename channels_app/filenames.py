"""File names that strangers chose, sanitized: shown and saved in the same form."""

import re

from channels_app.storable import storable_text

# What a file system takes for a path, what no screen shows, and what turns the direction in which
# the rest is read.
CONTROLS = r"\x00-\x1f\x7f-\x9f"
UNSEEN = r"\u200b\u2028\u2029\u2060-\u2064\ufeff"
TURNING = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
UNSAFE = re.compile(rf"[{CONTROLS}{UNSEEN}{TURNING}/\\:*?\"<>|]+")


def plain_filename(filename: str) -> str:
    """Return the name without what a file system or a reader could misunderstand; it may be empty.
    The result is the same before and after it was stored.
    """
    return UNSAFE.sub("_", storable_text(filename)).strip(" .")
