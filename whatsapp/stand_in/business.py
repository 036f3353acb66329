"""What a business has at Meta, and what it grants: accounts with their numbers, codes and tokens.
No HTTP here.
"""

import os
import time
from dataclasses import dataclass, field

from whatsapp.json_values import Json
from whatsapp.webhooks.fields import FIELDS, OPTIONAL

MANAGEMENT, MESSAGING = "whatsapp_business_management", "whatsapp_business_messaging"
FINISHING = {"FINISH", "FINISH_ONLY_WABA", "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"}
FRESH = {
    "display_phone_number": "+1 555 0100001",
    "verified_name": "Stand-in",
    "status": "PENDING",
    "platform_type": "NOT_APPLICABLE",
    "code_verification_status": "VERIFIED",
    "quality_rating": "UNKNOWN",
    "throughput": {"level": "NOT_APPLICABLE"},
    "whatsapp_business_manager_messaging_limit": "TIER_250",
}
REGISTERED = {
    "status": "CONNECTED",
    "platform_type": "CLOUD_API",
    "throughput": {"level": "STANDARD"},
}
DEREGISTERED = {"status": "DISCONNECTED", "platform_type": "NOT_APPLICABLE"}


@dataclass
class OwnedAccount:
    """`callback`: of the subscription, where it is another than the app's; None: the app is not
    subscribed.
    """

    id: str
    name: str
    numbers: dict[str, Json]
    is_granted: bool = True
    callback: str | None = None


@dataclass
class Code:
    """`redirect_uri`: None where the code came through the script for web pages."""

    redirect_uri: str | None
    ends_at: float
    is_used: bool = False


@dataclass
class Grant:
    """What a token may do. `expires_at`: 0 is never, as Meta writes it. `names_accounts`: Meta says
    which.
    """

    account_ids: list[str]
    scopes: list[str]
    expires_at: int
    names_accounts: bool = True


@dataclass
class Business:
    """`client_id`, `client_secret`: the app's; what is empty is not checked. `event`, `event_data`:
    what the signup tells the page, whatever is true. `pins`: by number, once one was set. `grants`:
    by token; any other token is taken, and sees all. `app_callback`, `app_fields`: where the app's
    webhooks go (None: to the stand-in's own callback; empty: nowhere), and which. `app_is_active`:
    Meta switches a webhook off that was never verified.
    """

    client_id: str = ""
    client_secret: str = ""
    requires_proof: bool = False
    accounts: dict[str, OwnedAccount] = field(default_factory=dict)
    scopes: list[str] = field(default_factory=lambda: [MANAGEMENT, MESSAGING])
    code_seconds: float = 30
    token_seconds: int = 60 * 24 * 3600  # 0: never ends
    event: str = "FINISH"
    event_data: Json | None = None
    codes: dict[str, Code] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    pins: dict[str, str] = field(default_factory=dict)
    app_callback: str | None = None
    app_is_active: bool = True
    app_fields: list[str] = field(default_factory=lambda: [*FIELDS, *OPTIONAL])

    def open_account(
        self, account_id: str, *numbers: Json, name: str = "Stand-in", is_granted: bool = True
    ) -> OwnedAccount:
        """An account with these numbers; each has an id, and of what else Meta says of it what
        differs from a fresh one.
        """
        owned = {number["id"]: {**FRESH, **number} for number in numbers}
        self.accounts[account_id] = OwnedAccount(account_id, name, owned, is_granted)
        return self.accounts[account_id]

    def number(self, phone_number_id: str) -> Json | None:
        owned = (account.numbers for account in self.accounts.values())
        return next(
            (numbers[phone_number_id] for numbers in owned if phone_number_id in numbers), None
        )

    def give_code(self, redirect_uri: str | None = None) -> str:
        code = "code-" + os.urandom(8).hex()
        self.codes[code] = Code(redirect_uri, time.monotonic() + self.code_seconds)
        return code

    def give_token(self) -> str:
        token = "EAA" + os.urandom(16).hex()
        ends = int(time.time()) + self.token_seconds if self.token_seconds else 0
        granted = [account.id for account in self.accounts.values() if account.is_granted]
        self.grants[token] = Grant(granted, list(self.scopes), ends)
        return token

    def revoke(self, *tokens: str) -> None:
        self.revoked.update(tokens)

    def is_alive(self, token: str) -> bool:
        grant = self.grants.get(token)
        return token not in self.revoked and not (grant and 0 < grant.expires_at <= time.time())

    def sees(self, token: str, node_id: str) -> bool:
        """Whether a token that was granted something may see this account or number."""
        accounts = [
            self.accounts[each] for each in self.grants[token].account_ids if each in self.accounts
        ]
        return any(node_id == account.id or node_id in account.numbers for account in accounts)

    def told(self) -> Json:
        """The data of the event; ids are the first granted account's unless a test says
        otherwise.
        """
        if self.event_data is not None:
            return self.event_data
        if self.event == "CANCEL":
            return {"current_step": "PHONE_NUMBER_SETUP"}
        if self.event == "ERROR":
            return {
                "error_message": "Something went wrong",
                "error_code": "524126",
                "session_id": "1",
                "timestamp": "1",
            }
        account = next((each for each in self.accounts.values() if each.is_granted), None)
        ids = {"business_id": "900000000000001", **({"waba_id": account.id} if account else {})}
        first = next(iter(account.numbers), None) if account else None
        return {**ids, "phone_number_id": first} if self.event == "FINISH" and first else ids
