"""A webhook by FastAPI and SQLAlchemy: all that a message needs, in the request, in one commit.

`python sqlalchemy_app.py FIRST COUNT` makes the tables, and so many channels from this phone number
id on. DATABASE_URL and WHATSAPP_APP_SECRET are the environment's.
"""

import asyncio
import hashlib
import hmac
import json
import os
import sys
from datetime import UTC, datetime
from typing import Any, TypeVar

from fastapi import FastAPI, Request, Response
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy_models import Base, Channel, Contact, Conversation, Delivery, Message

URL = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://")
SECRET = os.environ["WHATSAPP_APP_SECRET"].partition(",")[0].encode()
engine = create_async_engine(URL, pool_size=10)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()
Model = TypeVar("Model", bound=Base)


@app.get("/health")
async def health() -> int:
    """Return which of the processes answers."""
    return os.getpid()


@app.post("/api/webhooks/whatsapp")
async def webhook(request: Request) -> Response:
    body = await request.body()
    if not genuine(body, request.headers.get("X-Hub-Signature-256", "")):
        return Response(status_code=401)
    async with sessions.begin() as session:
        session.add(Delivery(body=body))
        for entry in json.loads(body)["entry"]:
            for change in entry["changes"]:
                await record(session, change["value"])
    return Response()


def genuine(body: bytes, signature: str) -> bool:
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={expected}", signature)


async def record(session: AsyncSession, value: dict[str, Any]) -> None:
    """Record the messages of one change, each with its reply queued."""
    number = value["metadata"]["phone_number_id"]
    channel = await session.scalar(select(Channel).filter_by(external_id=number))
    if channel is None:
        return
    names = {each["wa_id"]: each["profile"]["name"] for each in value.get("contacts", [])}
    for message in value.get("messages", []):
        sender = message["from"]
        contact = await get_or_create(
            session,
            Contact,
            {"channel_id": channel.id, "external_id": sender},
            tenant_id=channel.tenant_id,
            name=names.get(sender, ""),
        )
        conversation = await get_or_create(
            session, Conversation, {"contact_id": contact.id}, tenant_id=channel.tenant_id
        )
        await record_message(session, channel, conversation, message)


async def get_or_create(
    session: AsyncSession, model: type[Model], key: dict[str, Any], **values: Any
) -> Model:
    found = (await session.scalars(select(model).filter_by(**key))).one_or_none()
    if found is not None:
        return found
    try:
        async with session.begin_nested():
            created = model(**key, **values)
            session.add(created)
        return created
    except IntegrityError:  # another request was first
        return (await session.scalars(select(model).filter_by(**key))).one()


async def record_message(
    session: AsyncSession, channel: Channel, conversation: Conversation, message: dict[str, Any]
) -> None:
    """Put in a message and its reply, unless the message is known."""
    common = {
        "tenant_id": channel.tenant_id,
        "channel_id": channel.id,
        "conversation_id": conversation.id,
    }
    received = insert(Message).values(
        **common,
        direction="inbound",
        external_id=message["id"],
        kind=message["type"],
        body=message.get("text", {}).get("body", ""),
        payload=message,
        status="received",
    )
    once = received.on_conflict_do_nothing().returning(Message.id)
    if (answered := await session.scalar(once)) is None:
        return
    now = datetime.now(UTC)
    conversation.unread = Conversation.unread + 1
    conversation.last_inbound_at = now
    session.add(
        Message(
            **common,
            direction="outbound",
            kind="text",
            body=channel.auto_reply,
            status="queued",
            answers_id=answered,
            due_at=now,
        )
    )


async def create_tables(first: int, count: int) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with sessions.begin() as session:
        session.add_all(
            Channel(tenant_id=n, external_id=str(first + n), auto_reply="Thanks!")
            for n in range(count)
        )


if __name__ == "__main__":
    asyncio.run(create_tables(*map(int, sys.argv[1:])))
