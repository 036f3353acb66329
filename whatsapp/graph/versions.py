"""Until when Meta answers each version of the Graph API, by Meta's "Graph API Changelog" as of
November 2026.
"""

from datetime import UTC, date, datetime

ENDS = {
    20: date(2026, 9, 24),
    21: date(2027, 1, 21),
    22: date(2027, 5, 20),
    23: date(2027, 10, 8),
    24: date(2028, 2, 18),
    25: date(2028, 7, 29),
}  # v26.0 and v27.0 have none yet
IN_TIME = 90  # days
ADVICE = "set META_GRAPH_VERSION to a newer one."


def end_of(version: str) -> date | None:
    """The last day of a version like "v25.0", or a later one for what is older than the table;
    None: not known yet.
    """
    major = int(version.removeprefix("v").partition(".")[0])
    return ENDS.get(max(major, min(ENDS)))


def days_left(version: str) -> int | None:
    """Until its last day; negative once it has ended."""
    end = end_of(version)
    return None if end is None else (end - datetime.now(UTC).date()).days


def has_ended(version: str) -> bool:
    left = days_left(version)
    return left is not None and left < 0


def warning_of(version: str) -> str:
    """A sentence where a version has ended, or will in less than 90 days; else nothing."""
    left = days_left(version)
    if left is None or left >= IN_TIME:
        return ""
    if left < 0:
        return f"Meta has ended {version} of the Graph API, by {end_of(version)}: {ADVICE}"
    return f"Meta ends {version} of the Graph API on {end_of(version)}, in {left} days: {ADVICE}"
