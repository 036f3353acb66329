"""Changed ids that users of such systems reported: bodies as they came, each taken through before
the next.
"""

import json

import pytest

from messaging.models import Contact, ContactChange, Conversation
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT
from tests.support.whatsapp import reported

pytestmark = pytest.mark.whatsapp

OUTCOMES = {
    "bsuid_rotated_typed_fields": {
        "ids": [
            ("bsuid", "CO.1001", False),
            ("bsuid", "CO.1002", True),
            ("wa_id", "573000090001", True),
        ],
        "replaced": [("bsuid", "CO.1001", "CO.1002")],
        "reply_to": "CO.1002",
    },
    "parent_bsuid_rotated": {
        "ids": [
            ("bsuid", "CO.3001", False),
            ("bsuid", "CO.3002", True),
            ("parent_bsuid", "CO.ENT.3001", False),
            ("parent_bsuid", "CO.ENT.3002", True),
            ("wa_id", "573000090041", True),
        ],
        "replaced": [
            ("bsuid", "CO.3001", "CO.3002"),
            ("parent_bsuid", "CO.ENT.3001", "CO.ENT.3002"),
        ],
        "reply_to": "CO.3002",
    },
    "number_changed_direction_marks": {
        "ids": [("wa_id", "573000010011", False), ("wa_id", "573000010012", True)],
        "replaced": [("wa_id", "573000010011", "573000010012")],
        "reply_to": "573000010012",
    },
    "number_changed_new_wa_id": {
        "ids": [("wa_id", "573000010041", False), ("wa_id", "573000010042", True)],
        "replaced": [("wa_id", "573000010041", "573000010042")],
        "reply_to": "573000010042",
    },
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_reported_change_leaves_one_contact_with_its_new_ids_in_use(
    acme_whatsapp, deliver, work, graph, db_rows, name
):
    assert acme_whatsapp.account_id == ACME_ACCOUNT
    for body in reported.read(name):
        assert deliver(json.dumps(body).encode()).status_code == 200
        work()

    with operator_scope():
        contact, conversation = Contact.objects.get(), Conversation.objects.get()
        assert {
            "ids": sorted(contact.identities.values_list("kind", "value", "is_active")),
            "replaced": list(
                ContactChange.objects.filter(what="id_replaced")
                .order_by("id")
                .values_list("kind", "old", "new")
            ),
            "reply_to": conversation.reply_to,
        } == OUTCOMES[name]
        assert conversation.contact_id == contact.id
