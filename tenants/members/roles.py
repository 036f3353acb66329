"""Permissions of each role of a tenant's members: the one table that the pages ask, show and
document.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.models import Membership

OWNER, ADMIN, AGENT = Membership.Role.OWNER, Membership.Role.ADMIN, Membership.Role.AGENT
NAMES = {OWNER.value: _("owner"), ADMIN.value: _("administrator"), AGENT.value: _("agent")}


@dataclass(frozen=True, slots=True)
class Ability:
    """A permission: a sentence for the members themselves, and the roles that have it."""

    sentence: Promise
    roles: tuple[Membership.Role, ...]

    def of(self, role: str) -> bool:
        return role in self.roles


MANAGE_MEMBERS = Ability(_("Invite people, change what they may do, and remove them."), (OWNER,))
CONNECT_CHANNELS = Ability(
    _("Connect WhatsApp numbers, and go on with a connection that failed."), (OWNER, ADMIN)
)
OPEN_FILES = Ability(_("Open files of conversations, at their links."), (OWNER, ADMIN, AGENT))
SEE_MEMBERS = Ability(_("See who works for the business, and as what."), (OWNER, ADMIN, AGENT))

ABILITIES = (MANAGE_MEMBERS, CONNECT_CHANNELS, OPEN_FILES, SEE_MEMBERS)


def table() -> list[tuple[Promise, list[bool]]]:
    """Return a line for each ability: its sentence, and whether owner, administrator and agent have
    it.
    """
    return [(ability.sentence, [ability.of(role) for role in NAMES]) for ability in ABILITIES]
