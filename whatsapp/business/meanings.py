"""What Meta's error codes mean while a business is connected: beside messages, some of them mean
something else.
"""

from whatsapp.errors import (
    INVALID_SESSION,
    INVALID_TOKEN,
    MEANINGS,
    NO_SUCH_OBJECT,
    NUMBER_GONE,
    OTHER,
    Meanings,
    fail,
    later,
)

NOT_SEEN = fail(
    "Meta does not know what was asked for, or the token may not see it: grant it to the app."
)
WRONG_APP = fail(
    "Meta does not accept META_APP_ID with META_APP_SECRET: copy both from the app's settings."
)
WRONG_CODE = fail(
    "Meta does not take the code: it is too old, was used before, or was given for another address."
    " Connect again."
)
WRONG_PIN = fail(
    "The PIN is not the number's own: enter the one that was set for it, or change it in WhatsApp"
    " Manager."
)
HOUR = 3600

CONNECTING: Meanings = {
    **MEANINGS,
    OTHER: fail(
        "Meta refused it with a code of its own: look it up in Meta's list of error codes."
    ),
    **dict.fromkeys((100, 803), NOT_SEEN),
    2200: fail(
        "Meta could not verify the callback address: it must answer Meta's challenge over https."
    ),
    133000: fail(
        "A former registration was not taken off completely: deregister the number, then register"
        " it again."
    ),
    133005: WRONG_PIN,
    133006: fail(
        "The number must be verified first: have Meta send it a code, by text message or call."
    ),
    133008: later("Too many wrong PINs: Meta takes none for a while.", HOUR),
    133009: later("The PIN was entered too fast: Meta asks to wait a little.", 60),
    133010: fail("The number is not registered."),
    133015: later(
        "The number was deregistered just now: Meta takes it again after five minutes.", 300
    ),
    133016: fail(
        "The number was registered and deregistered too often: Meta takes it again after three"
        " days."
    ),
}
# Of a number that is connected already: what its own token does not see any more cannot send
# either.
CONNECTED: Meanings = {**CONNECTING, NO_SUCH_OBJECT: NUMBER_GONE}
EXCHANGING: Meanings = {
    **CONNECTING,
    1: fail(
        "Meta did not take the code: META_APP_SECRET is not the app's, or Meta has a fault of its"
        " own. Connect again."
    ),
    100: WRONG_CODE,
    101: WRONG_APP,
    **dict.fromkeys((INVALID_SESSION, INVALID_TOKEN), WRONG_APP),
}
# Asked with the app's own token: a refusal says nothing of any channel, and parks none.
REFUSED_APP = fail(
    "Meta refuses our app itself: look at its alerts in the App Dashboard, and whether it is Live."
)
INSPECTING: Meanings = {
    **CONNECTING,
    **dict.fromkeys((code for code, meaning in CONNECTING.items() if meaning.parks), REFUSED_APP),
    **dict.fromkeys((101, INVALID_SESSION, INVALID_TOKEN), WRONG_APP),
}
