"""The API described for machines (OpenAPI 3.1); a test holds it against what is answered."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from openprotect.api.door import open_to_all
from openprotect.api.referrals_document import SCHEMAS as REFERRALS
from openprotect.api.rules import LONGEST_BODY, MOST_ON_A_PAGE
from openprotect.contacts.rules import CHANNELS, MADE, OURS, TOPICS

TEXT = {"type": "string"}
MAYBE_TEXT = {"type": ["string", "null"]}
MAYBE_INSTANT = {"type": ["string", "null"], "format": "date-time"}
PROBLEM = {"$ref": "#/components/responses/Problem"}
CHANNEL = {"type": "string", "enum": [each.lower() for each in CHANNELS]}
TOPIC = {"type": "string", "enum": [each for each in TOPICS if each not in OURS]}

ASK = {
    "type": "object",
    "additionalProperties": False,
    "required": ["nhs_number", "channel", "topic"],
    "properties": {
        "nhs_number": {"type": "string", "description": "Ten digits; spaces are dropped."},
        "channel": CHANNEL,
        "topic": TOPIC,
        "wanted_on": {"type": ["string", "null"], "format": "date"},
        "hold_days": {"type": "integer", "minimum": 1, "maximum": 14, "default": 3},
        "is_safety": {
            "type": "boolean",
            "default": False,
            "description": "Somebody may come to harm: no cap or window holds this back.",
        },
    },
}
ANSWER = {
    "type": "object",
    "required": ["id", "answer", "until", "covered_by"],
    "properties": {
        "id": {"type": ["string", "null"], "format": "uuid"},
        "answer": {"type": "string", "enum": ["yes", "wait", "covered", "stop"]},
        "until": MAYBE_INSTANT,
        "covered_by": MAYBE_TEXT,
    },
}
CLAIM = {
    "type": "object",
    "required": ["id", "status", "answer", "channel", "topic", "asked_at", "until", "covered_by",
                 "outcome", "settled_at"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "status": {"type": "string",
                   "enum": ["held", "made", "released", "lapsed", "recalled", "refused"]},
        "answer": {"type": "string", "enum": ["yes", "wait", "covered", "stop"]},
        "channel": CHANNEL,
        "topic": TEXT,
        "asked_at": {"type": "string", "format": "date-time"},
        "until": MAYBE_INSTANT,
        "covered_by": MAYBE_TEXT,
        "outcome": {"type": ["string", "null"], "enum": [*(e.lower() for e in MADE), None]},
        "settled_at": MAYBE_INSTANT,
    },
}  # fmt: skip
CLAIMS = {
    "type": "object",
    "required": ["claims", "next"],
    "properties": {
        "claims": {"type": "array", "items": {"$ref": "#/components/schemas/Claim"}},
        "next": MAYBE_TEXT,
    },
}
OUTCOME = {
    "type": "object",
    "additionalProperties": False,
    "required": ["outcome"],
    "properties": {"outcome": {"type": "string", "enum": [each.lower() for each in MADE]}},
}


def _told(schema: str, words: str) -> dict[str, object]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": words, "content": content}


def _body(schema: str) -> dict[str, object]:
    return {"required": True, **{k: v for k, v in _told(schema, "").items() if k == "content"}}


def _refused(*statuses: int) -> dict[str, object]:
    return {str(each): PROBLEM for each in (400, 401, 403, *statuses, 405, 429)}


def _at_header(name: str, words: str) -> dict[str, object]:
    return {"name": name, "in": "header", "schema": TEXT, "description": words}


ID = {"name": "claim_id", "in": "path", "required": True,
      "schema": {"type": "string", "format": "uuid"}}  # fmt: skip
LIMIT = {"name": "limit", "in": "query",
         "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE,
                    "default": 50}}  # fmt: skip
CURSOR = {"name": "cursor", "in": "query", "schema": TEXT}
REPEAT = _at_header("Idempotency-Key", "Sent again with the same key, a request is done once.")
IF_MATCH = _at_header("If-Match", "The ETag that was read; 412 when the claim has changed since.")
REFERRAL_ID = {"name": "referral_id", "in": "path", "required": True,
               "schema": {"type": "string", "format": "uuid"}}  # fmt: skip
STATUS = {"name": "status", "in": "query",
          "schema": {"type": "string", "enum": ["open", "ended"], "default": "open"}}  # fmt: skip
PATHS = {
    "/api/v1/claims": {
        "post": {
            "operationId": "ask",
            "summary": "May we contact this person, when, about what? Yes holds the slot.",
            "parameters": [REPEAT],
            "requestBody": _body("Ask"),
            "responses": {
                "201": _told("Answer", "Yes: the slot is held."),
                "200": _told("Answer", "Wait, covered by another body, or stop."),
                **_refused(409, 413, 415),
            },
        },
        "get": {
            "operationId": "asks",
            "summary": "One's own asks, the newest first; nobody's number is among them.",
            "parameters": [LIMIT, CURSOR],
            "responses": {"200": _told("Claims", "A page of asks."), **_refused()},
        },
    },
    "/api/v1/claims/{claim_id}": {
        "parameters": [ID],
        "get": {
            "operationId": "claim",
            "summary": "One's own ask as it stands: a slot may have been recalled since.",
            "responses": {"200": _told("Claim", "The ask."), **_refused(404)},
        },
        "patch": {
            "operationId": "tell",
            "summary": "Tell what came of the contact.",
            "parameters": [IF_MATCH],
            "requestBody": _body("Outcome"),
            "responses": {"200": _told("Claim", "Settled."), **_refused(404, 409, 412, 413, 415)},
        },
        "delete": {
            "operationId": "give_back",
            "summary": "Give the slot back unused.",
            "parameters": [IF_MATCH],
            "responses": {"200": _told("Claim", "Given back."), **_refused(404, 409, 412)},
        },
    },
    "/api/v1/referrals": {
        "get": {
            "operationId": "tasks",
            "summary": "What your organisation is asked to do, the newest first.",
            "parameters": [STATUS, LIMIT, CURSOR],
            "responses": {"200": _told("Referrals", "A page of tasks."), **_refused()},
        },
    },
    "/api/v1/referrals/{referral_id}": {
        "parameters": [REFERRAL_ID],
        "get": {
            "operationId": "task",
            "summary": "One task, with no more of the person than it needs.",
            "responses": {"200": _told("Referral", "The task."), **_refused(404)},
        },
        "post": {
            "operationId": "reply",
            "summary": "Accept it, hold it, say what came of it, or decline. It goes back at once.",
            "parameters": [REPEAT, IF_MATCH],
            "requestBody": _body("Reply"),
            "responses": {
                "200": _told("Referral", "As it stands now."),
                **_refused(404, 409, 412, 413, 415),
            },
        },
    },
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {
        "title": "OpenProtect for partners",
        "version": "1",
        "description": "The contact ledger, and referrals."
        f" Bodies of up to {LONGEST_BODY:,} bytes of JSON.",
    },
    "security": [{"key": []}],
    "paths": PATHS,
    "components": {
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Ask": ASK, "Answer": ANSWER, "Claim": CLAIM, "Claims": CLAIMS, "Outcome": OUTCOME,
            **REFERRALS,
            "Problem": {
                "type": "object",
                "required": ["type", "title", "status"],
                "properties": {"type": TEXT, "title": TEXT, "status": {"type": "integer"}},
            },
        },
        "responses": {
            "Problem": {
                "description": "What is wrong (RFC 9457).",
                "content": {"application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"}}},
            }
        },
    },
}  # fmt: skip


@open_to_all
def openapi(request: HttpRequest) -> HttpResponse:
    """The description itself."""
    return JsonResponse(DOCUMENT)
