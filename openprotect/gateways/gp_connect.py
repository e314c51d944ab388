"""GP Connect Send Document: the outcome of an alert as a document to the registered practice.

The shape is that of the specification's consultation report (FHIR STU3, an ITK3 message with a
document bundle, event ITK007C, MESH workflow GPFED_CONSULT_REPORT), as NHS Digital published it
under the Open Government Licence. Messages are carried by the file interface of the MESH client: a
.dat with the message and a .ctl beside it into one folder, answers out of another. Using it for
real needs NHS England's onboarding; until then whoever runs the installation reads the folder.
"""

import base64
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from xml.sax.saxutils import escape

WORKFLOW = "GPFED_CONSULT_REPORT"
UK = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect"
NHS = "https://fhir.nhs.uk/STU3"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
UUIDS = "https://tools.ietf.org/html/rfc4122"
Resource = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """What a practice is told about one of its patients, and which earlier letter it replaces."""

    id: UUID
    replaces: UUID | None
    version: int
    at: datetime
    nhs_number: str
    family_name: str
    given_name: str
    birth_date: date
    practice_code: str
    sender_code: str
    sender: str
    sender_phone: str
    author: str
    title: str
    pdf: bytes


@dataclass(frozen=True)
class Answer:
    """What a practice's system says of a letter: taken in, or refused and why."""

    letter_id: UUID
    is_accepted: bool
    because: str


def message_of(letter: Letter) -> Resource:
    """The ITK3 message: header, sender, and the document bundle that the header points to."""
    payload = _payload(letter)
    header = _header(letter, payload["id"])
    in_header = f"{NHS}/StructureDefinition/CareConnect-ITK-Header-Organization-1"
    sender = _organisation(letter, "sender", profile=in_header)
    return {
        "resourceType": "Bundle",
        "id": _id(letter, "message"),
        "meta": {"profile": [f"{NHS}/StructureDefinition/ITK-Message-Bundle-1"]},
        "identifier": {"system": UUIDS, "value": str(letter.id)},
        "type": "message",
        "entry": [_entry(each) for each in (header, sender, payload)],
    }


def _id(letter: Letter, part: str) -> str:
    """The same parts for the same letter, however often it is made: a repeat is a repeat."""
    return str(uuid5(letter.id, part))


def _entry(resource: Resource) -> Resource:
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}


def _reference(letter: Letter, part: str) -> Resource:
    return {"reference": f"urn:uuid:{_id(letter, part)}"}


def _header(letter: Letter, payload_id: str) -> Resource:
    return {
        "resourceType": "MessageHeader",
        "id": _id(letter, "header"),
        "meta": {"profile": [f"{NHS}/StructureDefinition/ITK-MessageHeader-2"]},
        "extension": [
            {
                "url": f"{NHS}/StructureDefinition/Extension-ITK-MessageHandling-2",
                "extension": _handling(letter),
            }
        ],
        "event": {
            "system": f"{NHS}/CodeSystem/ITK-MessageEvent-2",
            "code": "ITK007C",
            "display": "ITK GP Connect Send Document",
        },
        "sender": _reference(letter, "sender"),
        "timestamp": letter.at.isoformat(timespec="seconds"),
        "source": {"endpoint": letter.sender_code},
        "focus": [{"reference": f"urn:uuid:{payload_id}"}],
    }


def _handling(letter: Letter) -> list[Resource]:
    """How the receiver is to handle it: answer twice, act on it, and which use this is."""
    return [
        {"url": "BusAckRequested", "valueBoolean": True},
        {"url": "InfAckRequested", "valueBoolean": True},
        {
            "url": "RecipientType",
            "valueCoding": {
                "system": f"{NHS}/CodeSystem/ITK-RecipientType-1",
                "code": "FA",
                "display": "For Action",
            },
        },
        {
            "url": "MessageDefinition",
            "valueReference": {
                "reference": f"{NHS}/MessageDefinition/"
                "ITK-GPConnectSendDocument-MessageDefinition-1"
            },
        },
        {"url": "SenderReference", "valueString": str(letter.id)},
        {"url": "LocalExtension", "valueString": "SendDocument-ConsultationSummary"},
    ]


def _payload(letter: Letter) -> Resource:
    parts = (
        _composition(letter),
        _binary(letter),
        _practitioner(letter),
        _organisation(letter, "organisation", profile=f"{UK}-Organization-1"),
        _patient(letter),
    )
    return {
        "resourceType": "Bundle",
        "id": _id(letter, "payload"),
        "meta": {"profile": [f"{NHS}/StructureDefinition/ITK-Document-Bundle-1"]},
        "identifier": {"system": UUIDS, "value": str(letter.id)},
        "type": "document",
        "entry": [_entry(each) for each in parts],
    }


def _composition(letter: Letter) -> Resource:
    """The document's front page; a replacement names the one that it takes the place of."""
    replaced = (
        {
            "relatesTo": [
                {
                    "code": "replaces",
                    "targetIdentifier": {"system": UUIDS, "value": str(letter.replaces)},
                }
            ]
        }
        if letter.replaces
        else {}
    )
    return {
        "resourceType": "Composition",
        "id": _id(letter, "composition"),
        "meta": {"profile": [f"{UK}-Composition-1"]},
        "identifier": {"system": UUIDS, "value": str(letter.id)},
        "status": "amended" if letter.replaces else "final",
        "type": {
            "coding": [
                {
                    "system": "http://snomed.info/sct",
                    "code": "371531000",
                    "display": "Report of clinical encounter",
                }
            ]
        },
        "date": letter.at.isoformat(timespec="seconds"),
        "confidentiality": "N",
        "title": letter.title,
        "subject": _reference(letter, "patient"),
        "author": [_reference(letter, "author")],
        "custodian": _reference(letter, "organisation"),
        **replaced,
        "section": [{"title": letter.title, "entry": [_reference(letter, "pdf")]}],
    }


def _binary(letter: Letter) -> Resource:
    return {
        "resourceType": "Binary",
        "id": _id(letter, "pdf"),
        "meta": {"profile": [f"{NHS}/StructureDefinition/ITK-Attachment-Binary-1"]},
        "contentType": "application/pdf",
        "content": base64.b64encode(letter.pdf).decode(),
    }


def _practitioner(letter: Letter) -> Resource:
    return {
        "resourceType": "Practitioner",
        "id": _id(letter, "author"),
        "meta": {"profile": [f"{UK}-Practitioner-1"]},
        "name": [{"use": "official", "text": letter.author}],
    }


def _organisation(letter: Letter, part: str, *, profile: str) -> Resource:
    phone = [{"system": "phone", "value": letter.sender_phone, "use": "work"}]
    return {
        "resourceType": "Organization",
        "id": _id(letter, part),
        "meta": {"profile": [profile]},
        "identifier": [{"system": ODS, "value": letter.sender_code}],
        "name": letter.sender,
        **({"telecom": phone} if letter.sender_phone else {}),
    }


def _patient(letter: Letter) -> Resource:
    return {
        "resourceType": "Patient",
        "id": _id(letter, "patient"),
        "meta": {"profile": [f"{UK}-Patient-1"]},
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": letter.nhs_number}],
        "name": [{"use": "official", "family": letter.family_name, "given": [letter.given_name]}],
        "birthDate": letter.birth_date.isoformat(),
    }


def control_of(letter: Letter) -> str:
    """The .ctl beside a message: MESH finds the registered practice by the patient's details."""
    born = letter.birth_date.strftime("%d%m%Y")
    to = f"GPPROVIDER_{letter.nhs_number}_{born}_{letter.family_name}"
    lines: Mapping[str, str] = {
        "Version": "1.0",
        "AddressType": "DTS",
        "MessageType": "Data",
        "From_DTS": letter.sender_code,
        "To_DTS": to,
        "Subject": f"{letter.title}, version {letter.version}",
        "LocalId": str(letter.id),
        "WorkflowId": WORKFLOW,
        "Encrypted": "N",
        "Compress": "Y",
    }
    inner = "\n".join(f"<{name}>{escape(text)}</{name}>" for name, text in lines.items())
    return f"<DTSControl>\n{inner}\n</DTSControl>\n"


class MeshFolder:
    """The folders of a MESH client: OUT takes messages, IN holds what came back."""

    def __init__(self, folder: Path) -> None:
        self._out, self._in = folder / "OUT", folder / "IN"
        for each in (self._out, self._in, self._in / "read"):
            each.mkdir(parents=True, exist_ok=True, mode=0o700)

    def has(self, letter_id: UUID) -> bool:
        """Whether a letter was put out already: a repeat after a crash leaves one message."""
        return (self._out / f"{letter_id}.ctl").exists()

    def post(self, letter: Letter) -> None:
        """Put a message out whole: the .ctl, which the client waits for, comes last."""
        self._write(f"{letter.id}.dat", json.dumps(message_of(letter)))
        self._write(f"{letter.id}.ctl", control_of(letter))

    def _write(self, name: str, text: str) -> None:
        part = self._out / f"{name}.part"
        part.write_text(text, encoding="utf-8")
        part.chmod(0o600)
        os.replace(part, self._out / name)

    def answers(self) -> Iterator[tuple[Path, Answer | None]]:
        """Every answer that came in, oldest first; None for a file that is none of ours."""
        for path in sorted(self._in.glob("*.dat")):
            yield path, answer_in(path.read_text(encoding="utf-8", errors="replace"))

    def read(self, path: Path) -> None:
        """An answer was noted: it is kept apart, so that it is read once."""
        os.replace(path, self._in / "read" / path.name)


def answer_in(text: str) -> Answer | None:
    """The answer that an ITK3 response message holds; None when it is something else."""
    try:
        bundle = json.loads(text)
        header = bundle["entry"][0]["resource"]
        response = header["response"]
        letter_id = UUID(str(response["identifier"]))
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    code = str(response.get("code", ""))
    details = [
        str(issue.get("diagnostics", ""))
        for entry in bundle["entry"][1:]
        for issue in entry.get("resource", {}).get("issue", [])
    ]
    return Answer(letter_id, code == "ok", "; ".join(each for each in details if each)[:200])
