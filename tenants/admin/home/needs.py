"""The panels of the operators' home page: what needs a hand now, as the apps tell it.

An app registers a function that returns its panels. It is called within the operator's scope, once
for each page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tenants.admin import times
from tenants.models import User

COUNTED = 100  # no further: a count of a large table would be dear


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One of the rows that a need is about, by its name."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why rows need a hand: what is said of them, how many say so, and the newest by name."""

    words: str
    count: str
    rows: Sequence[Row] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that needs a hand. `address`: the list where exactly these rows stand, empty where
    there is none; `number`: how many; `is_more`: as far as they were counted; `newest`: when the
    newest came.

    `problems`: as how many problems `manage.py status` and the alerts tell it; 0: it can wait.
    """

    title: str
    address: str = ""
    number: int | None = None
    is_more: bool = False
    newest: datetime | None = None
    step: str = ""
    reasons: Sequence[Reason] = ()
    problems: int = 0

    @property
    def count(self) -> str:
        return "" if self.number is None else counted(self.number, is_more=self.is_more)

    @property
    def newest_ago(self) -> SafeString | str:
        return times.ago(self.newest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One subject. `well`: the sentence that is shown while nothing of it needs a hand; `facts`:
    what is shown in either case; `permission`: who may see it, empty: every operator.
    """

    title: str
    well: str
    needs: Sequence[Need] = ()
    facts: Sequence[str] = ()
    permission: str = ""

    @property
    def problems(self) -> int:
        return sum(need.problems for need in self.needs)


@dataclass(frozen=True, slots=True)
class Home:
    """The page as one operator sees it."""

    panels: Sequence[Panel]

    @property
    def problems(self) -> int:
        return sum(panel.problems for panel in self.panels)

    @property
    def in_need(self) -> list[Panel]:
        """The panels with something to do, those with problems first."""
        found = [panel for panel in self.panels if panel.needs]
        return sorted(found, key=lambda panel: panel.problems == 0)

    @property
    def well(self) -> list[Panel]:
        return [panel for panel in self.panels if not panel.needs]


Panels = Callable[[], Iterable[Panel]]
_registered: list[Panels] = []


def register(panels: Panels) -> Panels:
    _registered.append(panels)
    return panels


def home_for(user: AbstractBaseUser | AnonymousUser) -> Home:
    """Return the panels that this operator may see, in the order in which they were registered."""
    panels = [panel for tell in _registered for panel in tell()]
    return Home([panel for panel in panels if may_see(user, panel)])


def may_see(user: AbstractBaseUser | AnonymousUser, panel: Panel) -> bool:
    return not panel.permission or (isinstance(user, User) and user.has_perm(panel.permission))


def counted(number: int, *, is_more: bool = False) -> str:
    """Return how many there are, as far as they were counted."""
    if not is_more:
        return str(number)
    if number >= COUNTED:
        return f"{COUNTED - 1}+"
    return _("%(number)s or more") % {"number": number}
