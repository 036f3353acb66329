"""What a turn costs: a person's question with its answer, and how many of them a machine carries.
docs/scaling.md has the table.
"""

from collections.abc import Sequence

from tests.benchmarks.figures import Figures

STATUSES = 3  # of the answer: sent, delivered, read; each a webhook of its own
# what of a turn each work is, and how many times
PARTS = {
    "door": (f"{1 + STATUSES} webhooks at the door", 1 + STATUSES),
    "whole round": ("recorded, answered, sent", 1),
    "statuses": (f"{STATUSES} statuses recorded", STATUSES),
}
HEAD = ["part of a turn", "application ms", "PostgreSQL ms"]


def rows(found: Sequence[Figures]) -> list[list[str]]:
    """Return the table's rows: the parts, their sum, and the turns a second that a core's time is
    enough for.
    """
    figures = {each.name: each for each in found}
    parts = [
        (told, count * figures[name].app_ms, count * figures[name].postgres_ms)
        for name, (told, count) in PARTS.items()
    ]
    app, postgres = (sum(column) for column in list(zip(*parts, strict=True))[1:])
    return [
        *([told, f"{of_app:.2f}", f"{of_postgres:.2f}"] for told, of_app, of_postgres in parts),
        ["**a turn**", f"**{app:.2f}**", f"**{postgres:.2f}**"],
        ["turns a second for each core of it", f"{1000 / app:,.0f}", f"{1000 / postgres:,.0f}"],
        ["turns a second, all on two cores", f"{2000 / (app + postgres):,.0f}", ""],
    ]
