"""How we come by a business's accounts and numbers at Meta, and by their webhooks. Every failure
leaves as a SendError.

In: a token, or a code that is good for one exchange. Out: what Meta knows of accounts, numbers and
subscriptions. The calls may be repeated: there is no database here. It may import graph and its
app's ground. Meta's page: "Business Management API".
"""

from whatsapp.business.accounts import (
    Account,
    Number,
    business_account,
    number,
    number_with_limit,
    numbers,
)
from whatsapp.business.app import AppSubscription, app_subscription, is_app_accepted
from whatsapp.business.debug_token import Inspected, inspect
from whatsapp.business.registration import deregister, is_pin, register
from whatsapp.business.routing_roles import thread_role
from whatsapp.business.subscriptions import Subscription, subscribe, subscriptions, unsubscribe
from whatsapp.business.tokens import Granted, exchange

__all__ = [
    "Account",
    "AppSubscription",
    "Granted",
    "Inspected",
    "Number",
    "Subscription",
    "app_subscription",
    "business_account",
    "deregister",
    "exchange",
    "inspect",
    "is_app_accepted",
    "is_pin",
    "number",
    "number_with_limit",
    "numbers",
    "register",
    "subscribe",
    "subscriptions",
    "thread_role",
    "unsubscribe",
]
