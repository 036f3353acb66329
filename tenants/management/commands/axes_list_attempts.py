from axes.management.commands import axes_list_attempts

from tenants.management.sign_in_role import SignInRole


class Command(SignInRole, axes_list_attempts.Command):
    pass
