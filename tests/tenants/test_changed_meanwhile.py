"""A form of the back-office saves what it changed: what a colleague changes between its look at the
row and its save stays.
"""

import pytest

from tenants.admin.people.staff import StaffAdmin
from tenants.admin.tenants import TenantAdmin
from tenants.models import Tenant, User
from tenants.scope import auth_scope, operator_scope
from tenants.web.password_forms import ChangeForm, ChooseForm
from tests.support.forms import Form
from tests.support.together import at_once, once_read

DEACTIVATED = "UPDATE messaging.users SET is_active = false WHERE username = 'ada'"
PASSWORD = "a long and odd password"
NEW = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def ada(db_rows) -> User:
    with auth_scope():
        return User.objects.create_user("ada", email="ada@acme.example", password="correct horse")


@pytest.fixture
def save(root):
    """Fill in something of a form, and press Save."""

    def save(address: str, **given: str) -> None:
        shown = Form(root.get(address).content.decode()).fields
        assert root.post(address, shown | given).status_code == 302

    return save


def account() -> tuple[str, bool, bool]:
    """Ada's address, whether she may sign in, and whether by the password of the tests."""
    with auth_scope():
        user = User.objects.get(username="ada")
    return user.email, user.is_active, user.check_password(PASSWORD)


def test_an_auto_reply_that_is_saved_does_not_undo_a_suspension(acme, save, db_rows, monkeypatch):
    suspended = "UPDATE messaging.tenants SET status = 'suspended', name = 'Acme Ltd'"
    once_read(monkeypatch, TenantAdmin, lambda: db_rows.execute(suspended))
    save(f"/admin/tenants/tenant/{acme.id}/change/", auto_reply="Hello")

    with operator_scope():
        assert list(Tenant.objects.values_list("auto_reply", "status", "name")) == [
            ("Hello", "suspended", "Acme Ltd")
        ]


def test_an_address_that_is_saved_undoes_no_deactivation_and_no_new_password(
    ada, save, db_rows, monkeypatch
):
    ada.set_password(PASSWORD)
    changed = "UPDATE messaging.users SET is_active = false, password = %s WHERE username = 'ada'"
    once_read(monkeypatch, StaffAdmin, lambda: db_rows.execute(changed, [ada.password]))
    save(f"/admin/tenants/user/{ada.pk}/change/", email="ada@globex.example", is_active="on")

    assert account() == ("ada@globex.example", False, True)


def test_a_password_that_staff_set_does_not_undo_a_deactivation(ada, save, db_rows, monkeypatch):
    form = StaffAdmin.change_password_form
    is_valid = form.is_valid

    def is_valid_at_last(self) -> bool:
        at_once(lambda _: db_rows.execute(DEACTIVATED), times=1, threads=1)
        return is_valid(self)

    monkeypatch.setattr(form, "is_valid", is_valid_at_last)
    save(f"/admin/tenants/user/{ada.pk}/password/", **NEW, **{"set-password": "yes"})

    assert account() == ("ada@acme.example", False, True)


@pytest.mark.parametrize("form", [ChooseForm, ChangeForm])
def test_a_password_that_somebody_chooses_does_not_undo_their_deactivation(form, ada, db_rows):
    asked = () if form is ChooseForm else (None,)
    chosen = form(*asked, ada)
    chosen.cleaned_data = {"new_password1": PASSWORD}
    db_rows.execute(DEACTIVATED)
    with auth_scope():
        chosen.save()

    assert account() == ("ada@acme.example", False, True)


def test_a_new_account_is_saved_whole(save):
    save("/admin/tenants/user/add/", username="ada", **NEW)

    assert account() == ("", True, True)
