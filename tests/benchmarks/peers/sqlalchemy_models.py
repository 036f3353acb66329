"""The tables of sqlalchemy_app.py."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    type_annotation_map = {
        int: BigInteger,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
    }


class Row(Base):
    __abstract__ = True

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Channel(Row):
    __tablename__ = "channels"

    tenant_id: Mapped[int]
    external_id: Mapped[str] = mapped_column(unique=True)
    auto_reply: Mapped[str]


class Delivery(Row):
    __tablename__ = "deliveries"

    body: Mapped[bytes]


class Contact(Row):
    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("channel_id", "external_id"),)

    tenant_id: Mapped[int]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    external_id: Mapped[str]
    name: Mapped[str]


class Conversation(Row):
    __tablename__ = "conversations"

    tenant_id: Mapped[int]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), unique=True)
    last_inbound_at: Mapped[datetime | None]
    unread: Mapped[int] = mapped_column(default=0)


class Message(Row):
    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("channel_id", "external_id"),)

    tenant_id: Mapped[int]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    direction: Mapped[str]
    external_id: Mapped[str | None]
    kind: Mapped[str]
    body: Mapped[str]
    payload: Mapped[dict[str, Any] | None]
    status: Mapped[str]
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), unique=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
