"""The report of a rehearsal, as text and as JSON. What people said, and ids that hold their
numbers, are in it only where that is asked for.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from messaging.rehearsal.playing import Played
from messaging.rehearsal.rewinding import Chosen
from messaging.rehearsal.telling import Count, Difference

# columns that hold words of ours alone
PLAIN = {
    *("direction", "origin", "kind", "status", "error_code", "is_history", "unanswered"),
    *("sent_at", "created_at", "occurred_at", "opted_out_at", "decided_at", "cause", "severity"),
    *("what", "owner", "told_by", "told_at", "since", "until", "delivery", "attempt", "forwarded"),
}
SHOWN_CHARACTERS = 60  # of a value, in the text
MISSING, NEW, CHANGED = "missing", "new", "changed"


@dataclass(frozen=True)
class Report:
    """What a rehearsal found. `differences`: the first of each subject, by its name; `with_texts`:
    they are shown with what people said.
    """

    copy: str
    since: str
    strategy: str
    chosen: Chosen
    played: Played
    counts: list[Count]
    differences: Mapping[str, list[Difference]] = field(default_factory=dict)
    with_texts: bool = False

    @property
    def differs(self) -> bool:
        return bool(self.played.unfinished or any(each.differing for each in self.counts))

    def as_json(self) -> str:
        return json.dumps(
            {
                "copy": self.copy,
                "since": self.since,
                "strategy": self.strategy,
                "left_out": self.chosen.left_out,
                "merged_contacts": self.chosen.merged,
                **asdict(self.played),
                "statements_per_thousand_deliveries": self.statements_per_thousand,
                "subjects": [
                    asdict(each) | {"differences": list(self.told(each.subject))}
                    for each in self.counts
                ],
            },
            ensure_ascii=False,
        )

    def as_text(self) -> str:
        return "\n".join([self.sentence(), *self.remarks(), *self.lines()])

    def sentence(self) -> str:
        differing = [
            f"{each.differing:,} of {each.recorded:,} {each.subject}"
            for each in self.counts
            if each.differing
        ]
        found = f"{', '.join(differing)} would differ" if differing else "nothing would differ"
        return f"Rehearsed {deliveries(self.played.deliveries)} since {self.since}: {found}."

    def remarks(self) -> Iterator[str]:
        yield (
            f"Statements: {self.played.statements:,}, {self.statements_per_thousand:,} for a"
            f" thousand deliveries. Batches: {self.played.batches:,}."
        )
        if self.chosen.left_out:
            yield (
                f"Left out: {deliveries(self.chosen.left_out)}, because not processed, given up, or"
                " left empty by erasing."
            )
        if self.chosen.merged:
            yield (
                "Contacts that are not compared, because they were known before and found to be"
                f" one with another since: {self.chosen.merged:,}."
            )
        if self.played.unfinished:
            yield f"Without coming to an end: {deliveries(self.played.unfinished)}."

    def lines(self) -> Iterator[str]:
        for each in self.counts:
            if not each.differing:
                continue
            yield ""
            yield (
                f"{each.subject}: {each.missing:,} missing, {each.new:,} new,"
                f" {each.changed:,} changed"
            )
            yield from (line_of(told) for told in self.told(each.subject))

    @property
    def statements_per_thousand(self) -> int:
        return round(1000 * self.played.statements / max(self.played.deliveries, 1))

    def told(self, subject: str) -> Iterator[dict[str, Any]]:
        """Yield the differences that are shown of a subject, as JSON has them."""
        for difference in self.differences.get(subject, ()):
            before, after = difference.before or {}, difference.after or {}
            yield {
                "is": NEW if not before else MISSING if not after else CHANGED,
                **{name: id for name, id in difference.place.items() if id},
                "columns": {
                    name: [
                        self.value_of(name, side[name]) if name in side else None
                        for side in (before, after)
                    ]
                    for name in sorted({*before, *after})
                    if before.get(name) != after.get(name)
                },
            }

    def value_of(self, name: str, value: Any) -> Any:
        """Return a value as it may be shown: whole, or only how long it is."""
        if self.with_texts or name in PLAIN or value in (None, "", [], {}):
            return value
        return f"{len(value if isinstance(value, str) else json.dumps(value))} characters"


def deliveries(number: int) -> str:
    return f"{number:,} {'delivery' if number == 1 else 'deliveries'}"


def line_of(told: Mapping[str, Any]) -> str:
    """Return a difference as a line: how it differs, where it is found, and in which columns."""
    where = " ".join(f"{name} {told[name]}" for name in told if name not in ("is", "columns"))
    columns = "; ".join(
        f"{name}: {cut(before)} -> {cut(after)}"
        for name, (before, after) in told["columns"].items()
    )
    return f"  {told['is']}: {where}" + (f": {columns}" if told["is"] == CHANGED else "")


def cut(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."
