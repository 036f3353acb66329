"""Pages of a tenant's own people, below /staff/: members, invitations, passwords."""

from django.urls import path

from tenants.members import invitation_views, member_views
from tenants.web import password_views

urlpatterns = [
    path("<slug:slug>/members/", member_views.members, name="staff_members"),
    path("<slug:slug>/members/invite/", member_views.invite, name="staff_invite"),
    path(
        "<slug:slug>/members/withdraw/<uuid:invitation_id>/",
        member_views.withdraw,
        name="staff_withdraw",
    ),
    path(
        "<slug:slug>/members/role/<uuid:member_id>/",
        member_views.change_role,
        name="staff_change_role",
    ),
    path("<slug:slug>/members/remove/<uuid:member_id>/", member_views.remove, name="staff_remove"),
    path("invitation/", invitation_views.invitation, name="staff_invitation"),
    path("invitation/<str:token>/", invitation_views.link, name="staff_invitation_link"),
    path("password/", password_views.Change.as_view(), name="staff_password"),
    path(
        "password/forgotten/", password_views.Forgotten.as_view(), name="staff_password_forgotten"
    ),
    path("password/asked/", password_views.Asked.as_view(), name="staff_password_asked"),
    path(
        "password/choose/<uidb64>/<token>/",
        password_views.Choose.as_view(),
        name="staff_password_choose",
    ),
]
