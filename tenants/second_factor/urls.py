"""Addresses of the pages of the second factor, below /staff/second-factor/."""

from django.urls import path

from tenants.second_factor import pages

urlpatterns = [
    path("", pages.overview, name="staff_second_factor"),
    path("enter/", pages.enter, name="staff_second_factor_enter"),
    path("password/", pages.password_again, name="staff_second_factor_password"),
    path("set-up/", pages.set_up, name="staff_second_factor_set_up"),
    path("replace/", pages.replace, name="staff_second_factor_replace"),
    path("recovery-codes/", pages.codes, name="staff_second_factor_codes"),
    path("take-away/", pages.take_away, name="staff_second_factor_take_away"),
    path("sign-out-elsewhere/", pages.sign_out_elsewhere, name="staff_sign_out_elsewhere"),
]
