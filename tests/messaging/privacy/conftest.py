"""Ada, who is erased, with something of hers wherever something of a person can be; and Grace, who
stays, in the same webhooks and in the same group.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from messaging.models import Contact
from messaging.privacy.erasing import erase
from messaging.privacy.orders import order
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GRACE
from tests.support.whatsapp import bodies
from tests.support.whatsapp.ada_everywhere import (
    ADA,
    ADAS_ID,
    ADAS_NAME,
    GROUP,
    make_rows_about,
    of_ada,
    say_by_api,
)

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def batch(deliver: Any) -> Callable[..., None]:
    """Deliver messages of several people to Acme in one webhook."""

    def batch(*messages: dict, names: dict[str, str] | None = None) -> bytes:
        value = bodies.value(ACME_NUMBER, messages=messages)
        for contact in value["contacts"]:
            known = {ADA: ADAS_NAME, GRACE: "Grace"}
            contact["profile"]["name"] = known.get(contact.get("wa_id", ""), ADAS_NAME)
        body = bodies.webhook(bodies.entry(ACME_ACCOUNT, value))
        assert deliver(body).status_code == 200
        return body

    return batch


@pytest.fixture
def adas_body(batch: Any) -> bytes:
    """The body of the webhook with Ada's first message, and nobody else's."""
    return batch(of_ada(wamid="wamid.ada.1"))


@pytest.fixture
def story(
    adas_body: bytes,
    acme_whatsapp: Any,
    acmes: Any,
    batch: Any,
    deliver: Any,
    report: Any,
    work: Any,
    jobs: Any,
    graph: Any,
    photo: Any,
) -> UUID:
    """The id of Ada's contact."""
    work()
    batch(
        of_ada("canary of ada, beside Grace", wamid="wamid.ada.2"),
        bodies.text("Grace is here", sender=GRACE, wamid="wamid.grace.1"),
    )
    quoting = {"context": {"from": ADA, "id": "wamid.ada.3"}}
    batch(of_ada("canary of ada in a group", wamid="wamid.ada.3", group_id=GROUP))
    batch(
        bodies.text("I agree", sender=GRACE, wamid="wamid.grace.2", group_id=GROUP, **quoting),
    )
    photo = {"type": "image", "image": {"id": "7", "caption": "canary of ada"}}
    batch({**of_ada(wamid="wamid.ada.4"), **photo})
    batch(of_ada(wamid="wamid.ada.5", from_user_id=ADAS_ID), {"from": ADA, "id": "", "type": "x"})
    entry = {"type": "contact", "contact": {"full_name": ADAS_NAME, "phone_number": ADA}}
    book = {"metadata": {"phone_number_id": ACME_NUMBER}, "state_sync": [entry]}
    deliver(bodies.webhook(bodies.change(ACME_ACCOUNT, "smb_app_state_sync", book)))
    work()
    for sent in list(graph.ledger):
        told = bodies.status(sent["wamid"], "delivered", recipient_id=sent["message"]["to"])
        report(told)
    report(bodies.status("wamid.ada.of.another.app", "sent", recipient_id=ADA))
    work()
    jobs()
    ada = acmes.get("contacts", address=ADA).json()["items"][0]["id"]
    acmes.patch(f"contacts/{ada}", {"saved_name": ADAS_NAME, "attributes": {"x": "canary of ada"}})
    say_by_api(acmes, ada)
    work()
    with operator_scope():
        make_rows_about(Contact.objects.get(id=ada))
    return UUID(ada)


@pytest.fixture
def erased(acme: Tenant) -> Callable[[UUID], Any]:
    """Erase a contact of Acme in this process. Returns the order."""

    def erased(contact_id: UUID) -> Any:
        with operator_scope():
            ordered = order(acme.id, contact_id, by="tests")
        return erase(ordered.id)

    return erased
