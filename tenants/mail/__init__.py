"""E-mail, written and sent by a background task, which is put in with the transaction that wants
it.

A letter is a function that makes a mail out of ids when it is sent. The task queue stores the
letter's name and the ids alone: no link, token, address or text.
"""

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, sent to each address in `to` by itself, so that none of them sees another."""

    to: tuple[str, ...]
    subject: str
    text: str


Letter = Callable[..., Mail | None]
letters: dict[str, Letter] = {}


class NotSent(Exception):
    """The mail was not sent, and may be sent at another time."""


class Refused(Exception):
    """The mail was refused for good."""


def letter(name: str) -> Callable[[Letter], Letter]:
    """Register a function as the letter of this name.

    It takes ids by name, as text, opens its own scope, and returns None where nothing is to be sent
    any more.
    """

    def register(function: Letter) -> Letter:
        letters[name] = function
        return function

    return register


def send(name: str, ids: dict[str, str]) -> None:
    """Write the letter and send it. Raises what `deliver` raises."""
    if not settings.EMAIL_IS_CONFIGURED:
        raise NotSent("EMAIL_URL is not set where background tasks are done.")
    mail = letters[name](**ids)
    if mail is None or not mail.to:
        logger.info("The letter %s was not sent: there is nothing to say any more.", name)
        return
    deliver(mail)


def deliver(mail: Mail) -> None:
    """Hand a mail to the mail server, for each address by itself: one that is refused keeps no
    other from getting it.

    Raises NotSent or Refused if nobody got it. Neither repeats what the server said.
    """
    failures = [failed for address in mail.to if (failed := failure_at(address, mail))]
    if failures and len(failures) == len(mail.to):
        raise next((failed for failed in failures if isinstance(failed, NotSent)), failures[0])
    for failed in failures:
        logger.warning("A mail did not reach one of %s addresses: %s", len(mail.to), failed)


def failure_at(address: str, mail: Mail) -> NotSent | Refused | None:
    """Send the mail to one address. Returns why it was not sent, or None."""
    subject = " ".join(mail.subject.split())
    message = EmailMessage(
        subject, mail.text, to=[address], headers={"Auto-Submitted": "auto-generated"}
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        return failure([code for code, _ in error.recipients.values()])
    except smtplib.SMTPAuthenticationError as error:
        return NotSent(
            f"The mail server refused the user or the password of EMAIL_URL ({error.smtp_code})."
        )
    except smtplib.SMTPResponseException as error:
        return failure([error.smtp_code])
    except (smtplib.SMTPException, OSError) as error:
        return NotSent(f"The mail server did not take it ({type(error).__name__}).")
    return None


def failure(codes: list[int]) -> NotSent | Refused:
    """Return what the mail server's codes mean: Refused if every one is 5xx, else NotSent."""
    said = ", ".join(map(str, sorted(set(codes))))
    if all(500 <= code < 600 for code in codes):
        return Refused(f"The mail server refused it for good ({said}).")
    return NotSent(f"The mail server refused it for now ({said}).")
