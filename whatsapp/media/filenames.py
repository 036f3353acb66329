"""A file's name when it is handed to Meta: it ends as its type does, whatever the file was called.
Pure.

Meta's page "Media", supported types. The endings of types beyond it are those that Python itself
knows, never the machine's.
"""

import re
from collections.abc import Mapping
from mimetypes import MimeTypes

from channels_app.filenames import CONTROLS, TURNING
from channels_app.storable import storable_words

ENDINGS: Mapping[str, tuple[str, ...]] = {  # the first is given, all are taken
    "audio/aac": (".aac",),
    "audio/amr": (".amr",),
    "audio/mpeg": (".mp3", ".mpeg", ".mpga"),
    "audio/mp4": (".m4a", ".mp4"),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "video/3gpp": (".3gp", ".3gpp"),
    "video/mp4": (".mp4", ".m4v"),
    "application/pdf": (".pdf",),
    "application/msword": (".doc", ".dot"),
    "application/vnd.ms-excel": (".xls", ".xlt"),
    "application/vnd.ms-powerpoint": (".ppt", ".pps", ".pot"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "text/plain": (".txt", ".text", ".log", ".md"),
    "text/csv": (".csv",),
}
SAYS_NOTHING = "application/octet-stream"
LONGEST = 200  # bytes of a name
UNSEEN = re.compile(rf"[{CONTROLS}{TURNING}\ufeff]")
KNOWN_TO_PYTHON = MimeTypes()
KNOWN_TO_PYTHON_ENDINGS = frozenset(
    ending for table in KNOWN_TO_PYTHON.types_map for ending in table
)
ALL_ENDINGS = KNOWN_TO_PYTHON_ENDINGS | {
    ending for endings in ENDINGS.values() for ending in endings
}


def handed_over(filename: str, mime_type: str) -> str:
    """The name with its type's ending: in place of another type's, or behind it. A type that nobody
    knows changes no name.
    """
    endings = endings_of(mime_type)
    if not endings:
        return filename
    stem, ending = divided(UNSEEN.sub("", filename).strip())
    kept = ending if ending.lower() in endings else endings[0]
    stem = stem.strip(". ") or word_for(mime_type)
    return storable_words(stem, LONGEST - len(kept)) + kept


def shown(filename: str, mime_type: str) -> str:
    """The name as a person gave it, with its type's ending where it has none."""
    endings = endings_of(mime_type)
    _, ending = divided(filename)
    return filename if ending or not endings or not filename.strip() else filename + endings[0]


def divided(filename: str) -> tuple[str, str]:
    """What is before its ending, and the ending; only what some type ends in is one."""
    stem, dot, last = filename.rpartition(".")
    ending = dot + last
    return (stem, ending) if dot and ending.lower() in ALL_ENDINGS else (filename, "")


def endings_of(mime_type: str) -> tuple[str, ...]:
    """Of a type with or without parameters, as audio/ogg; codecs=opus."""
    plain = mime_type.partition(";")[0].strip().lower()
    if plain == SAYS_NOTHING:
        return ()
    return ENDINGS.get(plain) or tuple(KNOWN_TO_PYTHON.guess_all_extensions(plain, strict=False))


def type_of(filename: str, sort: str) -> str:
    """The type that the name's ending says, one of the sort (image, audio, video) if it says
    several; empty: no known one.
    """
    _, ending = divided(filename)
    named = [
        mime_type for mime_type, endings in ENDINGS.items() if ending and ending.lower() in endings
    ]
    found = [*named, KNOWN_TO_PYTHON.guess_type(f"file{ending}", strict=False)[0] or ""]
    return next((each for each in found if each.startswith(f"{sort}/")), found[0])


def word_for(mime_type: str) -> str:
    """For a file without a name."""
    sort = mime_type.partition("/")[0].strip().lower()
    return sort if sort in ("audio", "image", "video") else "document"
