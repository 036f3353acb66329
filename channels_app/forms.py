"""The back-office's form of a channel: its token goes in and never comes out, and the form alone
makes no channel live.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_app import providers
from channels_app.models import Channel, is_token
from channels_app.simulated_ids import new_channel
from tenants import naming

Status = Channel.Status

TAKEN = _("The number is connected under another tenant. Disconnect it there first.")
GIVEN = frozenset({"external_id", "account_id"})  # by the provider
HAS_ONE = _("The tenant has a channel of this number already: put the token in there.")


class ChannelForm(forms.ModelForm):
    """`asks_provider`, once it is valid: the channel is live when its provider accepts the token
    (lifecycle/proving.py).

    A new channel is pending until then. One that is parked stays so, unless staff decide in the
    same form that it is parked.
    """

    asks_provider = False

    kind = forms.ChoiceField(
        choices=lambda: [(kind, naming.kind_of_channel(kind)) for kind in providers.kinds()],
        required=False,
    )
    access_token = forms.CharField(
        label=_("Access token"),
        required=False,
        strip=True,
        max_length=4096,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "size": 60}),
        help_text=_(
            "Replaces the stored token. It is sealed when saved and cannot be shown again; empty:"
            " it stays as it is. The provider is asked about a new token at once."
        ),
    )

    messages_per_second = forms.IntegerField(
        label=_("Messages per second"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_(
            "How fast the number may send (WhatsApp: 80, with the phone app beside it 20, at most"
            " 1,000). Empty: it stays as it is."
        ),
    )

    class Meta:
        model = Channel
        # Without `tenant`: the form's address names it (tenants/admin/made_for_tenants.py).
        fields = [
            "kind",
            "is_test",
            "external_id",
            "account_id",
            "name",
            "status",
            "auto_reply",
            "messages_per_second",
            "takes_idle_threads",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & GIVEN if self.instance._state.adding else ():
            self.fields[name].required = False  # a test channel's are made here
        if isinstance(status := self.fields.get("status"), forms.ChoiceField):
            # what is sent back unchanged decides nothing
            shown_before = self.data.get(self.add_initial_prefix("status"))
            offered = {Status.LIVE, *Channel.PARKED, self.instance.status, shown_before}
            status.choices = [each for each in Status.choices if each[0] in offered]
            status.help_text = _(
                "Live: once the provider accepts the token. To disconnect the channel, press"
                " Disconnect above."
            )
            status.show_hidden_initial = True

    def clean_access_token(self) -> str:
        token = self.cleaned_data["access_token"]
        if token and not is_token(token):
            raise forms.ValidationError(
                _("This holds characters that no token has. Copy it again, whole and alone.")
            )
        return token

    def clean_messages_per_second(self) -> int:
        return self.cleaned_data["messages_per_second"] or self.instance.messages_per_second

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_test"):
            cleaned |= new_channel()
        else:
            self.look_at_ids(cleaned)
        wanted = self.status_wanted(cleaned)
        self.asks_provider = wanted == Status.LIVE or (
            wanted is None and bool(cleaned.get("access_token"))
        )
        is_live = self.instance.status == Status.LIVE and wanted is None
        if (
            (self.asks_provider or is_live)
            and not cleaned.get("access_token")
            and not self.instance.credentials
        ):
            self.add_error("access_token", _("A live channel needs a token."))
        if self.asks_provider:
            self.look_for_others(cleaned)
        if "status" in cleaned and (self.asks_provider or wanted is None):
            # it may have been parked, or come back, since the page was opened
            cleaned["status"] = self.instance.status
        return cleaned

    def status_wanted(self, cleaned: dict[str, Any]) -> str | None:
        """Return the status that staff chose; None: they left it as it is. Whoever adds a channel
        wants it live.
        """
        if self.instance._state.adding:
            return Status.LIVE
        return cleaned.get("status") if "status" in self.changed_data else None

    def look_at_ids(self, cleaned: dict[str, Any]) -> None:
        """Add the faults that the provider finds in the ids that were typed, or that none was."""
        for name in self.fields.keys() & GIVEN - self.errors.keys():
            if not cleaned.get(name):
                self.add_error(name, self.fields[name].error_messages["required"])
        kind = cleaned.get("kind") or self.instance.kind
        typed = {
            name: cleaned.get(name) or getattr(self.instance, name)
            for name in ("external_id", "account_id")
        }
        if kind in providers.kinds() and all(typed.values()):
            for name, sentence in providers.get(kind).id_faults(**typed).items():
                if name in self.changed_data:
                    self.add_error(name, sentence)

    def look_for_others(self, cleaned: dict[str, Any]) -> None:
        """Add a fault if another channel has the number."""
        tenant_id = self.instance.tenant_id
        kind, number = (
            cleaned.get(name) or getattr(self.instance, name) for name in ("kind", "external_id")
        )
        others = Channel.objects.filter(kind=kind, external_id=number).exclude(id=self.instance.id)
        field = "external_id" if "external_id" in self.fields else None
        if others.filter(tenant=tenant_id).exclude(status=Status.DISCONNECTED).exists():
            self.add_error(field, HAS_ONE)
        elif others.exclude(tenant=tenant_id).filter(status__in=Channel.ROUTABLE).exists():
            self.add_error(field, TAKEN)

    def save(self, commit: bool = True) -> Channel:
        if token := self.cleaned_data.get("access_token"):
            self.instance.replace(access_token=token)
        return super().save(commit)
