"""A mail server on loopback that speaks SMTP for real, and keeps what it is given."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from config.development_database import free_port

OK = "250 OK"


class Mailbox:
    """`taken`: what was delivered; `answers`: what is said instead of OK, to an address, to RCPT or
    to DATA.
    """

    def __init__(self, **options: Any) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self.controller.start()
        self.is_stopped = False

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address) or self.answers.get("RCPT", OK)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.taken.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return OK

    def use(self, settings: Any, **changes: Any) -> None:
        """Our mails go to this server."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", self.port
        settings.EMAIL_IS_CONFIGURED = True
        for name, value in changes.items():
            setattr(settings, name, value)

    def stop(self) -> None:
        """No server listens at the port any more."""
        if not self.is_stopped:
            self.controller.stop()
        self.is_stopped = True
