"""Forms of the pages for a tenant's members: inviting, changing a role, accepting. AccountForm
hashes a password, with its view's leave: see tenants/passwords.py.
"""

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.utils.translation import gettext_lazy as _

from tenants.members.roles import AGENT, NAMES
from tenants.models import User
from tenants.web.fields import AddressField


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=list(NAMES.items()), initial=AGENT.value)


class InviteForm(RoleForm):
    email = AddressField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class AccountForm(UserCreationForm):
    """A new account of whoever accepts an invitation; its address is the one that was invited."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username",)
        labels = {"username": _("User name")}
