"""The stand-in as a server on this machine."""

import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from openprotect.gateways.fake_notify import tokens
from openprotect.gateways.fake_notify.answers import Answer, Desk, Refusal, refusal, scripted
from openprotect.gateways.fake_notify.faults import Fault, Script
from openprotect.gateways.fake_notify.outbox import Outbox

LONGEST_BODY = 2_000_000
ERROR_AS_SUCCESS = {
    "errors": [{"error": "BadRequestError", "message": "Service is suspended"}],
    "status_code": 400,
}


class FakeNotify:
    """A stand-in for Notify. Use it in a `with`; its address is then `url`."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        key: str = tokens.DEMO_KEY,
        template_id: str = tokens.DEMO_TEMPLATE,
    ) -> None:
        self.outbox, self.script, self.key = Outbox(folder), Script(), key
        self._server = ThreadingHTTPServer(("127.0.0.1", port), Conversation)
        self._server.daemon_threads = True
        self._server.fake = self  # type: ignore[attr-defined]
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.desk = Desk(self.outbox, template_id, self.url)

    def expect(self, *faults: Fault) -> None:
        """From now on, this goes wrong; nothing else does."""
        self.script.replace(faults)

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def __enter__(self) -> Self:
        self._thread = Thread(target=self.serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self.close()

    def close(self) -> None:
        self._server.server_close()


class Conversation(BaseHTTPRequestHandler):
    """One caller's connection."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "FakeNotify", ""

    @property
    def fake(self) -> FakeNotify:
        return self.server.fake  # type: ignore[attr-defined, no-any-return]

    def answer(self) -> None:
        """Read the request, check the token, look up or accept, answer."""
        raw = self._body()
        try:
            if urlsplit(self.path).path.startswith("/control/"):
                return self._say(self._control(raw))
            tokens.check(self.headers.get("Authorization", ""), self.fake.key)
            if self.command == "POST":
                return self._send(raw)
            self._say(self.fake.desk.look_up(self.path, _now()))
        except tokens.NotAllowed as why:
            self._say(refusal(why.status, "AuthError", str(why)))
        except Refusal as why:
            self._say(why.answer)

    do_GET = do_POST = answer  # the names http.server looks for

    def _send(self, raw: bytes) -> None:
        fault = self.fake.script.next()
        if fault and fault.trouble == "status":
            return self._say(scripted(fault.status, fault.retry_after))
        if fault and fault.trouble == "error_as_success":
            return self._say(Answer(200, ERROR_AS_SUCCESS))
        if fault and not fault.accepts:
            return self._hang_up_after(fault.seconds)
        kept, answer = self.fake.desk.accept(urlsplit(self.path).path, raw, _now())
        self.fake.outbox.keep(kept)
        return self._answer_with(fault, answer)

    def _answer_with(self, fault: Fault | None, answer: Answer) -> None:
        """The message is kept; what the caller hears of it is another matter."""
        if fault is None:
            return self._say(answer)
        if fault.trouble in ("accepted_drop", "accepted_stall"):
            return self._hang_up_after(fault.seconds)
        time.sleep(fault.seconds)
        instead = {
            "accepted_status": scripted(fault.status, fault.retry_after),
            "empty_success": Answer(201, {}),
            "not_json": Answer(201, "<html>Thank you</html>"),
        }
        return self._say(instead.get(fault.trouble, answer))

    def _control(self, raw: bytes) -> Answer:
        """For tests in another process: set the faults to come, or a message's status."""
        asked = json.loads(raw or b"null")
        if self.path == "/control/faults":
            self.fake.expect(*(Fault(**each) for each in asked))
            return Answer(200, {"faults": len(asked)})
        if self.path == "/control/status":
            found = self.fake.outbox.set_status(asked["id"], asked["status"])
            return Answer(200 if found else 404, {"changed": found})
        return Answer(404, {})

    def _body(self) -> bytes:
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LONGEST_BODY))

    def _hang_up_after(self, seconds: float) -> None:
        time.sleep(seconds)
        self.close_connection = True

    def _say(self, answer: Answer) -> None:
        body = answer.encoded()
        # The caller may have gone meanwhile, as callers with little patience do.
        with suppress(ConnectionError):
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if answer.retry_after is not None:
                self.send_header("Retry-After", str(answer.retry_after))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's word
        """Say nothing: a request's line holds our references."""


def _now() -> datetime:
    return datetime.now(UTC)
