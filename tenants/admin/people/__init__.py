"""The people of the back-office: staff and their rights, second factors, memberships, failed
sign-ins.
"""
