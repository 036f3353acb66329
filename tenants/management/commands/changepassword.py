from django.contrib.auth.management.commands import changepassword

from tenants.management.sign_in_role import SignInRole


class Command(SignInRole, changepassword.Command):
    pass
