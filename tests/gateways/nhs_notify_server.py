"""A stand-in for NHS Notify, written from its published description: one call, and its refusals.

It takes a message once under its reference, for as long as anybody asks; a repeat gets 422.
"""

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import UUID

import jsonschema_rs

UUID_SHAPE = {"type": "string", "format": "uuid"}
WORDS = {"type": "string", "minLength": 1}
# The request as described: nothing more at any level, but for the words of the routing plan.
REQUEST = {
    "type": "object",
    "additionalProperties": False,
    "required": ["data"],
    "properties": {
        "data": {
            "type": "object",
            "additionalProperties": False,
            "required": ["type", "attributes"],
            "properties": {
                "type": {"const": "Message"},
                "attributes": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["routingPlanId", "messageReference", "recipient"],
                    "properties": {
                        "routingPlanId": UUID_SHAPE,
                        "messageReference": UUID_SHAPE,
                        "personalisation": {"type": "object", "additionalProperties": WORDS},
                        "recipient": {
                            "type": "object",
                            "additionalProperties": False,
                            "properties": {
                                "nhsNumber": {"type": "string", "pattern": "^[0-9]{10}$"},
                                "contactDetails": {
                                    "type": "object",
                                    "properties": {
                                        "sms": {"type": "string"},
                                        "email": {"type": "string", "maxLength": 90},
                                    },
                                },
                            },
                        },
                    },
                },
            },
        }
    },
}
FITS = jsonschema_rs.validator_for(REQUEST, validate_formats=True)
PLANS = {"00000000-0000-0000-0000-000000000002", "00000000-0000-0000-0000-000000000003"}
MOBILE = re.compile(r"(\+44|44|0)7[0-9]{9}")


class NhsNotifyServer:
    """Use it in a `with`. `status` answers with a refusal instead of taking anything."""

    def __init__(self, token="a-token"):  # noqa: S107 - of nobody
        self.token, self.status, self.retry_after, self.kept = token, None, None, {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
        self._server.daemon_threads = True
        self._server.notify = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/comms"

    def __enter__(self):
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def take(self, raw):
        asked = json.loads(raw)
        if wrong := [str(each.instance_path) for each in FITS.iter_errors(asked)]:
            return 400, _errors("CM_INVALID_VALUE", "/data/attributes/" + wrong[0])
        attributes = asked["data"]["attributes"]
        if attributes["routingPlanId"] not in PLANS:
            return 404, _errors("CM_NO_SUCH_ROUTING_PLAN", "/data/attributes/routingPlanId")
        details = attributes["recipient"].get("contactDetails", {})
        if "sms" in details and not MOBILE.fullmatch(details["sms"]):
            return 400, _errors("CM_INVALID_VALUE", "/data/attributes/recipient/contactDetails/sms")
        reference = str(UUID(attributes["messageReference"]))
        if reference in self.kept:
            return 422, _errors("CM_DUPLICATE_REQUEST", "/data/attributes/messageReference")
        self.kept[reference] = attributes
        said = {
            "messageReference": reference,
            "messageStatus": "created",
            "timestamps": {"created": "2026-05-01T12:00:00.000Z"},
            "routingPlan": {"id": attributes["routingPlanId"], "version": "1", "name": "Free text"},
        }
        return 201, {"data": {"type": "Message", "id": f"2WL3{len(self.kept):023d}",
                              "attributes": said}}  # fmt: skip


def _errors(code, pointer):
    return {"errors": [{"code": code, "status": "400", "source": {"pointer": pointer}}]}


class Talk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        notify = self.server.notify
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Authorization") != f"Bearer {notify.token}":
            return self._say(401, _errors("CM_DENIED", ""))
        if self.headers.get("Content-Type", "").split(";")[0] not in (
            "application/vnd.api+json", "application/json",
        ):  # fmt: skip
            return self._say(415, _errors("CM_UNSUPPORTED_MEDIA", ""))
        if self.path != "/comms/v1/messages":
            return self._say(404, _errors("CM_NOT_FOUND", ""))
        if notify.status == "drop":
            self.close_connection = True
            return None
        if notify.status:
            return self._say(notify.status, _errors("CM", ""))
        return self._say(*notify.take(raw))

    def _say(self, status, said):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.api+json")
        self.send_header("Content-Length", str(len(body)))
        if self.server.notify.retry_after:
            self.send_header("Retry-After", self.server.notify.retry_after)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        return
