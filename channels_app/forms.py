"""The channel's form: its token goes in and never comes out."""

from typing import Any

from django import forms

from channels_app import providers
from channels_app.models import Channel, is_token


class ChannelForm(forms.ModelForm):
    kind = forms.ChoiceField(choices=lambda: [(kind, kind) for kind in providers.kinds()], required=False)
    access_token = forms.CharField(
        required=False,
        strip=True,
        max_length=4096,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "size": 60}),
        help_text="Replaces the stored token. It is sealed when saved and cannot be shown again; empty: it stays as it is.",
    )

    messages_per_second = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=1000,
        help_text=f"{Channel._meta.get_field('messages_per_second').help_text} Empty: it stays as it is.",
    )

    class Meta:
        model = Channel
        # Without `tenant`: its choices are asked for in the request's scope, by the admin, and not at import.
        fields = ["kind", "external_id", "account_id", "name", "status", "auto_reply", "messages_per_second"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "status" in self.fields:
            self.fields["status"].show_hidden_initial = True

    def clean_access_token(self) -> str:
        token = self.cleaned_data["access_token"]
        if token and not is_token(token):
            raise forms.ValidationError("This holds characters that no token has. Copy it again, whole and alone.")
        return token

    def clean_messages_per_second(self) -> int:
        return self.cleaned_data["messages_per_second"] or self.instance.messages_per_second

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "status" in cleaned and "status" not in self.changed_data:
            cleaned["status"] = self.instance.status  # it may have been parked, or come back, since the page was opened
        status = cleaned.get("status")
        if status == Channel.Status.LIVE and not cleaned.get("access_token") and not self.instance.credentials:
            self.add_error("access_token", "A live channel needs a token.")
        return cleaned

    def save(self, commit: bool = True) -> Channel:
        if token := self.cleaned_data.get("access_token"):
            self.instance.replace(access_token=token)
        return super().save(commit)
