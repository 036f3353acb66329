"""The table and the chart of a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import turn, two_workers
from tests.benchmarks.ceiling import ONE_CALL, ROUND, SEPARATE
from tests.benchmarks.figures import Figures

HEAD = [
    "work",
    "a second",
    "of the ceiling",
    "target",
    "app ms",
    "PostgreSQL ms",
    "CPU of the ceiling's",
    "target",
    "p50 ms",
    "p99 ms",
]
# Pixels: the height of a bar with its margin, the widths of its label and number, of the ratio 1.
BAR, LABEL, NUMBER, SCALE = 26, 170, 60, 400
CHART = """<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" \
font-family="sans-serif" font-size="13">
<title>Rates of the product, as parts of pgbench's ceilings in the same run</title>
<rect width="100%" height="100%" fill="#fff"/>
{bars}
</svg>
"""
ROW = """<text x="8" y="{text}">{name}</text>
<rect x="{label}" y="{top}" width="{width:.0f}" height="16" fill="#2a78b8"/>
<text x="{after:.0f}" y="{text}">{ratio:.2f}</text>
<line x1="{mark:.0f}" x2="{mark:.0f}" y1="{begin}" y2="{end}" stroke="#c03a2b" stroke-width="2"/>"""


@dataclass(frozen=True)
class Target:
    """What a work is compared with: at least `rate` of the ceiling's rate, at most `cpu` times the
    CPU time that PostgreSQL alone spends on an item there.
    """

    ceiling: str
    rate: float
    cpu: float


TARGETS = {
    "intake, spread": Target(SEPARATE, 1.0, 0.9),
    "intake, one tenant": Target(SEPARATE, 1.0, 0.9),
    "intake, bodies of 1,000": Target(SEPARATE, 1.0, 0.9),
    "whole round": Target(ROUND, 0.5, 2.0),
    two_workers.MANY_NUMBERS: Target(ROUND, 1.0, 2.0),
    two_workers.ONE_NUMBER: Target(ROUND, 1.0, 2.0),
    "statuses": Target(SEPARATE, 2.0, 0.9),
    "door": Target(ONE_CALL, 0.55, 1.8),
}


@dataclass(frozen=True)
class Compared:
    """A work beside its target, as parts of the ceiling of the same run."""

    figures: Figures
    target: Target
    rate: float
    cpu: float


def compare(found: Sequence[Figures]) -> list[Compared]:
    figures = {each.name: each for each in found}
    return [
        Compared(
            each,
            target,
            rate=each.per_second / figures[target.ceiling].per_second,
            cpu=(each.app_ms + each.postgres_ms) / figures[target.ceiling].postgres_ms,
        )
        for each in found
        if (target := TARGETS.get(each.name))
    ]


def table(found: Sequence[Figures]) -> str:
    """Return Markdown."""
    compared = {each.figures.name: each for each in compare(found)}
    return markdown(HEAD, [row(each, compared.get(each.name)) for each in found])


def markdown(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(each)} |" for each in [head, ["---"] * len(head), *rows])


def row(each: Figures, compared: Compared | None) -> list[str]:
    return [
        each.name,
        number(each.per_second, 0),
        number(compared.rate, 2) if compared else "",
        f"≥ {compared.target.rate}" if compared else "",
        number(each.app_ms, 2),
        number(each.postgres_ms, 2),
        number(compared.cpu, 2) if compared else "",
        f"≤ {compared.target.cpu}" if compared else "",
        number(each.percentile(0.5), 0),
        number(each.percentile(0.99), 0),
    ]


def number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}" if value else ""


def chart(found: Sequence[Figures]) -> str:
    """Return an SVG: a bar for the rate of each compared work, a mark for its target."""
    compared = compare(found)
    bars = "\n".join(bar(each, 8 + place * BAR) for place, each in enumerate(compared))
    largest = max(max(each.rate, each.target.rate) for each in compared)
    width = LABEL + largest * SCALE + NUMBER
    return CHART.format(width=width, height=16 + len(compared) * BAR, bars=bars)


def bar(each: Compared, top: int) -> str:
    width = each.rate * SCALE
    return ROW.format(
        name=each.figures.name,
        label=LABEL,
        top=top,
        text=top + 13,
        width=width,
        after=LABEL + max(width, each.target.rate * SCALE) + 8,
        ratio=each.rate,
        mark=LABEL + each.target.rate * SCALE,
        begin=top - 2,
        end=top + 18,
    )


def write(found: Sequence[Figures], docs: Path) -> None:
    """Replace the table in docs/benchmarks.md, the chart beside it, and what docs/scaling.md makes
    of them.
    """
    replace(docs / "benchmarks.md", "table", "end of the table", table(found))
    turns = markdown(turn.HEAD, turn.rows(found))
    replace(docs / "scaling.md", "figures", "end of figures", turns)
    (docs / "benchmarks.svg").write_text(chart(found))


def replace(page: Path, begin: str, end: str, text: str) -> None:
    """Replace what stands between two comments of a page."""
    before, _, rest = page.read_text().partition(f"<!-- {begin} -->\n")
    _, _, after = rest.partition(f"<!-- {end} -->\n")
    page.write_text(f"{before}<!-- {begin} -->\n{text}\n<!-- {end} -->\n{after}")
