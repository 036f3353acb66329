"""How we come by a business's accounts and numbers at Meta, and by their webhooks. Every failure leaves as a SendError.

Pure calls: there is no database here, and each may be repeated, except that a code is good for one exchange.
"""

from whatsapp.access.accounts import Account, Number, business_account, number, number_with_limit, numbers
from whatsapp.access.application import AppSubscription, app_subscription, is_app_accepted
from whatsapp.access.inspecting import Inspected, inspect
from whatsapp.access.registering import deregister, is_pin, register
from whatsapp.access.subscribing import Subscription, subscribe, subscriptions, unsubscribe
from whatsapp.access.tokens import Granted, exchange

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
    "unsubscribe",
]
