"""A number is connected on the page: Meta refuses two PINs, and takes the right one."""

from uuid import UUID

from tests.chaos.canaries.copy import Copy
from tests.chaos.canaries.words import PIN, WRONG_PIN
from tests.support.whatsapp.connect_page import PAGE, csrf, state_of

NUMBER, ACCOUNT = "400000000000007", "300000000000007"
AT_REST = "SELECT count(*) FROM messaging.whatsapp_signups WHERE status IN ('failed', 'connected')"
CONNECTED = "SELECT count(*) FROM messaging.whatsapp_signups WHERE status = 'connected'"


def a_number_that_is_connected_with_a_pin(copy: Copy) -> None:
    meta = copy.graph.business
    meta.open_account(ACCOUNT, {"id": NUMBER})
    meta.pins[NUMBER] = PIN
    copy.graph.echoes += [("/register", 133005, 400)] * 2
    begin(copy)
    copy.secrets["token of Meta's"] = next(iter(meta.grants))
    ((signup,),) = copy.stage.rows("SELECT id FROM messaging.whatsapp_signups")
    for pin in (WRONG_PIN, PIN):
        give_pin(copy, signup, pin)
    copy.wait(CONNECTED)


def begin(copy: Copy) -> None:
    session, web = copy.olga.session, copy.web.url
    given = {
        "state": state_of(session, web, "initech"),
        "code": copy.graph.business.give_code(),
        "event": "FINISH",
        "data": {"waba_id": ACCOUNT, "phone_number_id": NUMBER},
    }
    copy.secrets["code of Meta's"] = given["code"]
    token = csrf(session, web)["csrfmiddlewaretoken"]
    headers = {"X-CSRFToken": token, "Referer": f"{web}{PAGE}"}
    answer = session.post(f"{web}{PAGE}finish/", json=given, headers=headers, timeout=10)
    assert answer.status_code == 200, answer.text
    copy.wait(AT_REST)


def give_pin(copy: Copy, signup: UUID, pin: str) -> None:
    session, web = copy.olga.session, copy.web.url
    form = csrf(session, web) | {"pin": pin}
    headers = {"Referer": f"{web}{PAGE}"}
    session.post(f"{web}{PAGE}{signup}/again/", data=form, headers=headers, timeout=10)
    copy.wait(AT_REST)


PATHS = (a_number_that_is_connected_with_a_pin,)
