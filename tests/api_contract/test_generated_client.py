"""A client that is generated from docs/openapi.json sends a message, as a customer's own program
would.
"""

import json
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.whatsapp

FILE = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
PROGRAM = """
import json, sys
from messaging_client import AuthenticatedClient
from messaging_client.api.conversations import list_conversations
from messaging_client.api.messages import get_message, send_message
from messaging_client.models import Send, TextContent, TextContentKind

client = AuthenticatedClient(base_url=sys.argv[1], token=sys.argv[2])
(conversation,) = list_conversations.sync(client=client).items
hello = TextContent(kind=TextContentKind.TEXT, body="Hello Ada")
sent = send_message.sync(
    client=client,
    body=Send(conversation=conversation.id, content=hello),
    idempotency_key="order 7",
)
read = get_message.sync(id=sent.id, client=client)
print(json.dumps({"text": read.text, "status": str(read.status)}))
"""


def test_a_generated_client_sends_a_message(tools, tmp_path, web, key, ada, work, graph):
    config = tmp_path / "config.yml"
    config.write_text("package_name_override: messaging_client\npost_hooks: []\n")
    generate = ["generate", "--path", str(FILE), "--output-path", str(tmp_path / "client")]
    command = [str(tools / "openapi-python-client"), *generate, "--config", str(config)]
    generated = subprocess.run(command, capture_output=True, text=True, timeout=120)

    assert (generated.returncode, "Warning" in generated.stdout + generated.stderr) == (0, False), (
        generated.stdout + generated.stderr
    )
    program = tmp_path / "client" / "program.py"
    program.write_text(PROGRAM)
    ran = subprocess.run(
        [str(tools / "python"), str(program), web, key], capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    work()

    assert json.loads(ran.stdout) == {"text": "Hello Ada", "status": "queued"}
    assert [each["message"]["text"]["body"] for each in graph.ledger] == ["Hello Ada"]
