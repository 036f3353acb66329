"""What the documents say a reader should type, and what they say is printed then.

A fenced block names its language. One in `sh` or `sql` is typed, and a `text` block right after it
is what is printed. A comment right before a block says what is special: `<!-- not run: REASON -->`,
`<!-- exit code 1: REASON -->`, or `<!-- keeps running -->` for lines that each want a terminal of
their own (`<!-- keeps running; is up when it says: WORDS -->`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from config.development_database import PROJECT

BLOCK = re.compile(
    r"^(?:[ ]*<!-- (?P<mark>[^>]*) -->\n)?(?P<margin>[ ]*)```(?P<language>\w*)\n"
    r"(?P<text>.*?)^(?P=margin)```$",
    re.MULTILINE | re.DOTALL,
)
TYPED = {"sh", "sql"}
NOT_RUN, KEEPS_RUNNING, SAYS = "not run: ", "keeps running", "; is up when it says: "
EXIT_CODE = re.compile(r"exit code (\d): .+")
WAMID = r"wamid\.[\w=+/]+"
ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
CHANGING = {  # what is another one each time, and what it looks like
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC",
    WAMID: WAMID,
    ID: ID,
    r"\.\.\.": r"[^\n]*",
}
LINES = r"(?:[^\n]*\n)*"
PARTS = re.compile("|".join(f"({shape})" for shape in CHANGING))


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    text: str
    mark: str

    @property
    def is_typed(self) -> bool:
        return self.language in TYPED and not self.mark.startswith(NOT_RUN)

    @property
    def exit_code(self) -> int:
        named = EXIT_CODE.fullmatch(self.mark)
        return int(named[1]) if named else 0

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Step:
    """What is typed, and what is printed: None where the page does not say."""

    typed: Block
    printed: str | None

    def __str__(self) -> str:
        return str(self.typed)


def pages() -> list[Path]:
    """Return every page that is written for who uses the project."""
    found = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
    return sorted(page for page in found if page.name != "CHANGELOG.md")


def block_of(page: Path, words: str, found: re.Match[str]) -> Block:
    margin = len(found["margin"])
    text = "".join(line[margin:] or "\n" for line in found["text"].splitlines(keepends=True))
    line = words.count("\n", 0, found.start("language")) + 1
    name = str(page.relative_to(PROJECT))
    return Block(name, line, found["language"], text, found["mark"] or "")


def steps_of(page: Path) -> list[Step]:
    """Return what the page lets a reader type, in its order."""
    return list(steps(page, page.read_text()))


def steps(page: Path, words: str) -> Iterator[Step]:
    for this, following in pairwise([*BLOCK.finditer(words), None]):
        block = block_of(page, words, this)
        if not block.is_typed:
            continue
        is_followed = following and not words[this.end() : following.start()].strip()
        shown = block_of(page, words, following) if is_followed else None
        yield Step(block, shown.text if shown and shown.language == "text" else None)


def with_words(text: str, words: Mapping[str, str]) -> str:
    """Return the text with a reader's own words in the place of the page's, the longest first."""
    if not words:
        return text
    ordered = sorted(words, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, ordered)), lambda found: words[found[0]], text)


def is_as_shown(printed: str, shown: str) -> bool:
    """Whether this is what the page shows. Times and ids are others each time, but what is one id
    there is one id here. `...` stands for anything, on a line of its own for any number of lines.
    """
    found, _ = held_against(printed, shown)
    return found is not None


def held_against(printed: str, shown: str) -> tuple[re.Match[str] | None, dict[str, str]]:
    """Return the match with what the page shows, and the groups of the page's ids."""
    ids: dict[str, str] = {}
    lines = shown.strip().splitlines()
    patterns = [LINES if line.strip() == "..." else f"{pattern_of(line, ids)}\n" for line in lines]
    return re.fullmatch("".join(patterns), f"{printed.strip()}\n".lstrip()), ids


def pattern_of(line: str, ids: dict[str, str]) -> str:
    """Return what matches the line. `ids`: the groups of the page's ids so far."""
    pattern, end = "", 0
    for part in PARTS.finditer(line):
        pattern += re.escape(line[end : part.start()])
        shape = list(CHANGING.values())[(part.lastindex or 1) - 1]
        if part[0] in ids:
            pattern += f"(?P={ids[part[0]]})"
        elif shape in (WAMID, ID):
            ids[part[0]] = f"id{len(ids)}"
            pattern += f"(?P<{ids[part[0]]}>{shape})"
        else:
            pattern += shape
        end = part.end()
    return pattern + re.escape(line[end:])


def renamed_ids(printed: str, shown: str) -> dict[str, str]:
    """Return what the page's ids are called here: later commands name them."""
    found, ids = held_against(printed, shown)
    return {theirs: found[group] for theirs, group in ids.items()} if found else {}
