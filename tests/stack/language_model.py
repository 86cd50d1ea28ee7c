"""A language model that can be relied upon: it speaks OpenAI's chat completions, and the local Bedrock asks it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_CUSTOMER = re.compile(r"<customer>(.*?)</customer>", re.DOTALL)


@dataclass
class LanguageModel:
    """Looks up what the customer asks, and says what it found. Some words make it misbehave."""

    requests: list[dict[str, Any]] = field(default_factory=list)

    def message(self, request: Mapping[str, Any]) -> dict[str, Any]:
        newest = request["messages"][-1]
        asked = _CUSTOMER.findall(next(m["content"] for m in reversed(request["messages"]) if m["role"] == "user"))[-1]
        if "today" in asked:  # and so for ever
            return _calls("search_catalogue", json.dumps({"query": "skillet", "tenant": "flor-de-cafe"}))
        if "currently" in asked:
            return _calls("search_catalogue", "{not JSON")
        if "somebody nice" in asked:
            return _calls("hand_over_to_person", json.dumps({"reason": "asked_for_person"}))
        if newest["role"] != "tool":
            return _calls("search_catalogue", json.dumps({"query": asked, "tenant": "flor-de-cafe"}))
        found = json.loads(newest["content"])["products"]
        return {"role": "assistant", "content": f"Model says: {found[0]['title']} for {found[0]['price']}."}


def _calls(name: str, arguments: str) -> dict[str, Any]:
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


@contextmanager
def serving(model: LanguageModel) -> Iterator[str]:
    """The URL of it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            model.requests.append(request)
            usage = {"prompt_tokens": 700, "completion_tokens": 30, "total_tokens": 730}
            body = json.dumps({"choices": [{"message": model.message(request)}], "usage": usage}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nowhere."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
