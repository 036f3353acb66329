"""An operator of the platform, signed in to the back-office without a browser."""

from django.test import Client

from tenants.models import User
from tenants.scope import auth_scope


def operator(name: str = "olga") -> User:
    """Who may do everything in the back-office."""
    with auth_scope():
        found = User.objects.filter(username=name).first()
        return found or User.objects.create_superuser(name, password="correct horse")


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    with auth_scope():
        client.force_login(user)
    return client
