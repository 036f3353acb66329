"""A tenant is suspended and resumed by an order of the back-office, which asks first; its form has
no field for it.
"""

import pytest

from messaging.models import Message
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.back_office import act, buttons, confirm, press, said, sign_in
from tests.support.forms import post
from tests.support.together import at_once

pytestmark = pytest.mark.whatsapp

PAGE = "tenants/tenant"
SUSPEND, RESUME = "Suspend: nothing is answered or sent", "Resume: answer and send again"


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


def test_a_tenant_is_suspended_and_resumed_from_its_page(
    web, staff, acme, acme_whatsapp, write, work, graph
):
    before = buttons(staff, web, PAGE, acme.id)
    question = press(staff, web, PAGE, acme.id, SUSPEND)
    answer = confirm(staff, question)
    second = confirm(staff, question)
    write()
    work()
    with operator_scope():
        reasons = list(Message.objects.values_list("unanswered", flat=True))

    assert before == [SUSPEND]
    assert "<bdi>1 tenant</bdi>" in question.text
    assert "Nothing is sent for them: what waits is held" in question.text
    assert said(answer) == ["1 of 1 tenants is suspended."]
    assert answer.url == f"{web}/admin/{PAGE}/{acme.id}/change/"
    assert said(second) == ["0 of 1 tenants are suspended. The rest was suspended before."]
    assert (reasons, len(graph.ledger)) == (["suspended"], 0)
    assert buttons(staff, web, PAGE, acme.id) == [RESUME]

    assert said(confirm(staff, press(staff, web, PAGE, acme.id, RESUME))) == [
        "1 of 1 tenants is active again."
    ]
    write()
    work()
    assert len(graph.ledger) == 1
    assert said(confirm(staff, act(staff, web, PAGE, "resume"))) == [
        "0 of 1 tenants are active again. The rest was active before."
    ]


def test_the_form_of_a_tenant_does_not_suspend_it(web, staff, acme):
    post(staff, f"{web}/admin/{PAGE}/{acme.id}/change/", status="suspended", name="Acme Ltd")

    with operator_scope():
        assert list(Tenant.objects.values_list("name", "status")) == [("Acme Ltd", "active")]


def test_two_operators_at_once_suspend_it_once(acme):
    def suspend(_: int) -> list:
        with operator_scope():
            return Tenant.objects.suspend([acme.id])

    assert sorted(at_once(suspend, times=3, threads=3)) == [[], [], [acme.id]]
