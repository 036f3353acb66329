"""The first page of a tenant's own people: the tenants that they work for."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.members.connect_pages import connect_pages
from tenants.members.memberships import memberships_of


@login_required
def home(request: HttpRequest) -> HttpResponse:
    shown = {"members": memberships_of(request.user.id), "connect_pages": connect_pages()}
    return render(request, "staff/home.html", shown)
