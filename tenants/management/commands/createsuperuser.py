from django.contrib.auth.management.commands import createsuperuser

from tenants.management.sign_in_role import SignInRole


class Command(SignInRole, createsuperuser.Command):
    pass
