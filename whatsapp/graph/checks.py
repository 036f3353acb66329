"""System checks: who starts a process is told in time that Meta will not answer its version of the
Graph API any more.
"""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from whatsapp.graph.versions import warning_of


@register()
def graph_version_lasts(**kwargs: Any) -> list[CheckMessage]:
    """A warning even when it has ended: webhooks must be stored, and Meta may take a newer version
    by itself.
    """
    said = warning_of(settings.META_GRAPH_VERSION)
    return [Warning(said, id="whatsapp.W001")] if said else []
