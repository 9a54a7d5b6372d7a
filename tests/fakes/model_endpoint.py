"""A language model's endpoint on loopback: OpenAI's chat completions over real HTTP, in whatever mood a test needs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


class Mood(StrEnum):
    RIGHT = "right"
    SLOW = "slow"
    DRIPPING = "dripping"
    MALFORMED = "malformed"
    NOT_JSON = "not_json"
    WRONG_SCHEMA = "wrong_schema"
    NO_CHOICES = "no_choices"
    REFUSED = "refused"
    CUT_SHORT = "cut_short"
    BUSY = "busy"
    BROKEN = "broken"
    FORBIDDEN = "forbidden"
    DROPPED = "dropped"


@dataclass
class FakeModel:
    """What it answers and what it was asked.

    `answer` is the reading it gives in mood RIGHT; `moods` are taken one by one, the last one for good.
    """

    url: str = ""
    answer: dict[str, Any] = field(default_factory=lambda: {"language": "en", "spam": False, "requests": []})
    moods: list[Mood] = field(default_factory=lambda: [Mood.RIGHT])
    retry_after: str = "0"
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def next_mood(self) -> Mood:
        return self.moods.pop(0) if len(self.moods) > 1 else self.moods[0]

    @property
    def sent(self) -> str:
        """Everything that the last request said, as one text."""
        return json.dumps(self.requests[-1], ensure_ascii=False)

    def message(self, role: str) -> str:
        return str(next(m["content"] for m in self.requests[-1]["messages"] if m["role"] == role))


@contextmanager
def fake_model() -> Iterator[FakeModel]:
    model = FakeModel()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"model": model}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield model
    finally:
        model.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    model: ClassVar[FakeModel]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.model.paths.append(self.path)
        self.model.requests.append(body)
        self.model.headers.append({name.lower(): value for name, value in self.headers.items()})
        self._answer(self.model.next_mood(), body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Keep the test's output quiet."""

    def _answer(self, mood: Mood, body: dict[str, Any]) -> None:
        match mood:
            case Mood.DROPPED:
                self.close_connection = True
                self.connection.close()
            case Mood.BUSY:
                self._send(429, _error("rate_limit_exceeded"), {"Retry-After": self.model.retry_after})
            case Mood.BROKEN:
                self._send(500, _error("server_error"))
            case Mood.FORBIDDEN:
                self._send(401, _error("invalid_api_key"))
            case Mood.SLOW:
                self.model.closing.wait(30)
            case Mood.DRIPPING:
                self._drip()
            case Mood.NOT_JSON:
                self._send(200, b"<html>gateway</html>", {"Content-Type": "text/html"})
            case _:
                self._send(200, _completion(mood, body, self.model.answer))

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        said = {"Content-Type": "application/json", "Content-Length": str(len(body))} | (headers or {})
        for name, value in said.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        try:
            while not self.model.closing.wait(0.05):
                self.wfile.write(b" ")
        except OSError:
            return


def _completion(mood: Mood, body: dict[str, Any], answer: dict[str, Any]) -> bytes:
    content: str | None = json.dumps(answer)
    message: dict[str, Any] = {"role": "assistant"}
    finish = "stop"
    if mood is Mood.MALFORMED:
        content = '{"language": "en", "requests": [{"intent": "regis'
    elif mood is Mood.WRONG_SCHEMA:
        content = json.dumps({"requests": "all of them", "mood": 7})
    elif mood is Mood.REFUSED:
        content, message["refusal"] = None, "I cannot help with that."
    elif mood is Mood.CUT_SHORT:
        content, finish = (content or "")[:10], "length"
    if tools := body.get("tools"):
        call = {"name": tools[0]["function"]["name"], "arguments": content}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": call}]
        content = None
    message["content"] = content
    choices = [] if mood is Mood.NO_CHOICES else [{"index": 0, "message": message, "finish_reason": finish}]
    said = {"id": "c-1", "object": "chat.completion", "created": 1, "model": body["model"], "choices": choices}
    return json.dumps(said | {"usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}).encode()


def _error(code: str) -> bytes:
    return json.dumps({"error": {"message": code, "type": code, "code": code}}).encode()
