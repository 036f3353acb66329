"""How we come by a business's accounts and numbers at Meta, and by their webhooks. Every failure leaves as a SendError.

Pure calls: there is no database here, and each may be repeated, except that a code is good for one exchange.
"""

from whatsapp.access.accounts import Account, Number, business_account, number, numbers
from whatsapp.access.inspecting import Inspected, inspect
from whatsapp.access.registering import deregister, register
from whatsapp.access.subscribing import Subscription, subscribe, subscriptions, unsubscribe
from whatsapp.access.tokens import Granted, exchange

__all__ = [
    "Account",
    "Granted",
    "Inspected",
    "Number",
    "Subscription",
    "business_account",
    "deregister",
    "exchange",
    "inspect",
    "number",
    "numbers",
    "register",
    "subscribe",
    "subscriptions",
    "unsubscribe",
]
