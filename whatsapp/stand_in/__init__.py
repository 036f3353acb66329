"""A local Graph API: for development, demonstrations and tests.

It answers as Meta does, keeps a ledger of every message that reached it, reports statuses back
through signed webhooks, and fails as its script says. A script is a list of steps, one for each
coming POST of a message:

    {}                                  accepted
    {"code": 131056}                    refused with this Graph error, HTTP 400; "http": another
    status
    {"http": 502}                       an HTML error page
    {"answer": {"data": {}}}            answered with this JSON; calls for connecting a business
    only
    {"delay": 2}                        answers after so many seconds; goes with any other
    {"wa_id": "4670"}                   accepted, and the number that was dialled is known by this
    wa_id
    {"then": "hang"}, {"then": "close"} accepted, and no answer / the connection closed

It also is Meta's side of connecting a business (`business`): the dialog, the script for web pages,
tokens, accounts, numbers. Each call of that has a script of its own in `onboarding_script`:
exchange, debug_token, account, number, phone_numbers, subscribe, subscriptions, unsubscribe,
register, deregister. `POST /stand-in/business` sets what there is, and `GET` shows it:

    {"accounts": [{"id": "300", "name": "Acme", "numbers": [{"id": "400"}], "is_granted": true}],
    "event": "FINISH",
     "revoke": ["a token"], "script": {"exchange": [{"code": 100}], "register": [{"delay": 2}]}}

And it plays a second responder on a number (`responders`), with the roles that Meta's page
"Conversation Routing" describes. `StandIn.second_responder` or `POST /stand-in/responders` adds
one, `GET` shows who has which thread, and `POST /stand-in/responders/act` has one do something:

    {"number": "400", "primary": {"chat": "us"}, "escalation": "other", "we_listen": true}
    {"number": "400", "does": "person_writes", "person": "4670", "text": "Hi", "entry_point":
    "chat"}
    {"number": "400", "does": "passes", "person": "4670", "note": "She asks for a refund"}
    "writes", "takes", "releases", "goes_idle": likewise

It tells our webhook what Meta would: messages, standby and handovers. Orders of ours fail as
`onboarding_script["thread_control"]` says, questions for our roles as its "routing_roles".

`POST /stand-in/script` appends steps, `GET /stand-in/ledger` shows what came, `POST
/stand-in/reset` forgets all.
"""

from whatsapp.stand_in.reports import envelope, signed
from whatsapp.stand_in.world import StandIn

__all__ = ["StandIn", "envelope", "signed"]
