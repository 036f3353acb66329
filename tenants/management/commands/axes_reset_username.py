from axes.management.commands import axes_reset_username

from tenants.management.sign_in_role import SignInRole


class Command(SignInRole, axes_reset_username.Command):
    pass
