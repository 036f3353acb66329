"""A webhook by pywa on FastAPI: its handler puts each message into one table.

`python pywa_app.py` makes the table. DATABASE_URL and WHATSAPP_APP_SECRET are the environment's.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI
from pywa_async import WhatsApp, types

TABLE = """
    CREATE TABLE messages (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        external_id text NOT NULL UNIQUE,
        phone_number_id text NOT NULL,
        sender text NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        body text,
        sent_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now()
    )"""
INSERT = """
    INSERT INTO messages (external_id, phone_number_id, sender, name, kind, body, sent_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (external_id) DO NOTHING"""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"]) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)
whatsapp = WhatsApp(
    server=app,
    webhook_endpoint="/api/webhooks/whatsapp",
    verify_token=os.environ.get("WHATSAPP_VERIFY_TOKEN", "unused"),
    app_secret=os.environ.get("WHATSAPP_APP_SECRET", "unused").partition(",")[0],
)


@app.get("/health")
async def health() -> int:
    """Return which of the processes answers."""
    return os.getpid()


@whatsapp.on_message
async def store(_: WhatsApp, message: types.Message) -> None:
    await app.state.pool.execute(
        INSERT,
        message.id,
        message.metadata.phone_number_id,
        message.from_user.wa_id,
        message.from_user.name,
        str(message.type),
        message.text,
        message.timestamp,
    )


async def create_table() -> None:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    await connection.execute(TABLE)
    await connection.close()


if __name__ == "__main__":
    asyncio.run(create_table())
