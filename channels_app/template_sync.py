"""Fetch the templates of an account: its provider is asked outside any scope."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from channels_app import providers
from channels_app.models import Channel, MessageTemplate
from channels_app.providers import SendError, Templates, UnknownProvider
from tenants.encryption import CannotOpen
from tenants.scope import tenant_scope

# providers tell no parts of seconds, and their clocks are not ours
WHOLE_SECONDS = timedelta(seconds=2)
NO_TEMPLATES = "The channel has no account that could have templates."


class NotFetched(Exception):
    """The provider did not list the templates; the message is a sentence for the operator.
    `is_passing`: it may list them later.
    """

    def __init__(self, reason: str, *, is_passing: bool) -> None:
        super().__init__(reason)
        self.is_passing = is_passing


def fetch(tenant_id: UUID, channel_id: UUID) -> int:
    """Make our templates of the channel's account what the provider lists. Returns their number.
    Raises NotFetched.
    """
    with tenant_scope(tenant_id):
        channel = Channel.objects.get(id=channel_id)
    began_at = timezone.now() - WHOLE_SECONDS
    try:
        listed = templates_of(channel).list_templates(channel)
    except SendError as error:
        raise NotFetched(str(error), is_passing=error.is_passing) from None
    except (CannotOpen, UnknownProvider) as error:
        raise NotFetched(str(error), is_passing=False) from None
    with tenant_scope(tenant_id):
        MessageTemplate.objects.sync(
            tenant_id, channel.kind, channel.account_id, listed, began_at=began_at
        )
    return len(listed)


def templates_of(channel: Channel) -> Templates:
    """Return what lists the channel's templates. Raises NotFetched where nothing does."""
    provider = providers.acting_for(channel)
    if not isinstance(provider, Templates):
        raise NotFetched(NO_TEMPLATES, is_passing=False)
    return provider


def one_channel_an_account(channels: QuerySet[Channel]) -> list[Channel]:
    """Of each account of these channels, a live one that its templates can be asked for with; a
    test channel has no account.
    """
    kinds = [kind for kind in providers.kinds() if isinstance(providers.get(kind), Templates)]
    real = channels.filter(is_test=False, kind__in=kinds).exclude(credentials="")
    live = real.filter(status=Channel.Status.LIVE)
    accounts = ("tenant_id", "kind", "account_id")
    return list(live.order_by(*accounts, "-connected_at").distinct(*accounts))
