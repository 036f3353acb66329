"""An operator suspends and resumes a tenant in a real browser, and what they did and read stands in
the audit log.
"""

import pytest

pytestmark = pytest.mark.whatsapp

SAID = ("Person", "Did", "What", "Tenant", "Detail")


def test_a_tenant_is_suspended_and_resumed_and_the_audit_log_says_so(
    operator, acme, acme_whatsapp, write, work, graph
):
    operator.open("/admin/")
    operator.follow("Tenants")
    operator.open_row("Acme")
    operator.station("81-tenant")
    operator.press("Suspend")
    assert operator.sees("What is written to them is stored, and is not answered")
    operator.station("82-suspend")
    operator.press("Confirm")
    assert operator.sees("1 of 1 tenants is suspended.")
    operator.station("83-suspended")
    write("Hello")
    work()
    answered = len(graph.ledger)
    operator.press("Resume")
    assert operator.sees("what was held for them and is still fresh leaves at once")
    operator.press("Confirm")
    assert operator.sees("1 of 1 tenants is active again.")

    operator.open("/admin/")
    operator.follow("Conversations")
    operator.open_row("Ada")
    assert operator.sees("Not answered")
    operator.open("/admin/")
    operator.follow("Audit log")
    assert operator.sees("Active again.")
    operator.station("84-audit-log")
    assert answered == 0
    assert list(zip(*map(operator.column, SAID), strict=True)) == [
        ("olga", "Read", "Conversation", "Acme", "-"),  # its own page
        ("olga", "Read", "Conversation", "Acme", "-"),  # the list
        ("olga", "Ordered", "Tenant", "Acme", "Active again."),
        ("olga", "Ordered", "Tenant", "Acme", "Suspended."),
        ("olga", "Signed in", "-", "-", "-"),
        ("olga", "Changed", "User", "-", "second factor"),
    ]
