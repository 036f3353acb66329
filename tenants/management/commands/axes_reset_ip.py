from axes.management.commands import axes_reset_ip

from tenants.management.sign_in_role import SignInRole


class Command(SignInRole, axes_reset_ip.Command):
    pass
