"""A practice's system that takes in documents: a stand-in that reads what we sent as strictly.

It knows nothing of how messages are made: it checks what the specification of Send Document asks of
every message, and answers in an ITK3 response, as a receiver must.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

NHS = "https://fhir.nhs.uk/STU3"
NEEDED = ("Composition", "Binary", "Practitioner", "Organization", "Patient")


class Practice:
    """Reads one MESH folder and answers each message once."""

    def __init__(self, folder: Path) -> None:
        self.out, self.inbox = folder / "OUT", folder / "IN"
        self.filed: dict[str, str] = {}
        self.superseded: set[str] = set()

    def take_in(self) -> int:
        """Take in what is new; how many documents. A .dat without its .ctl is not there yet."""
        taken = 0
        for control in sorted(self.out.glob("*.ctl")):
            data = control.with_suffix(".dat")
            faults = list(faults_of(data.read_text(), control.read_text()))
            self._file(data, faults)
            control.unlink()
            data.unlink()
            taken += 1
        return taken

    def _file(self, data: Path, faults: list[str]) -> None:
        bundle = json.loads(data.read_text())
        message_id = bundle["identifier"]["value"]
        if not faults:
            composition = _parts(bundle)["Composition"]
            for related in composition.get("relatesTo", []):
                self.superseded.add(related["targetIdentifier"]["value"])
            self.filed[message_id] = composition["title"]
        response = {
            "resourceType": "Bundle",
            "type": "message",
            "entry": [
                {
                    "resource": {
                        "resourceType": "MessageHeader",
                        "event": {"code": "ITK008M"},
                        "response": {
                            "identifier": message_id,
                            "code": "fatal-error" if faults else "ok",
                        },
                    }
                },
                {
                    "resource": {
                        "resourceType": "OperationOutcome",
                        "issue": [{"diagnostics": each} for each in faults],
                    }
                },
            ],
        }
        (self.inbox / f"{uuid4()}.dat").write_text(json.dumps(response))


def faults_of(message: str, control: str) -> Iterator[str]:
    """Everything that a receiver would refuse a message for."""
    root = ElementTree.fromstring(control)  # noqa: S314 - our own stand-in reads our own file
    if root.findtext("WorkflowId") != "GPFED_CONSULT_REPORT":
        yield "wrong workflow"
    try:
        bundle = json.loads(message)
        header = bundle["entry"][0]["resource"]
        parts = _parts(bundle)
    except (ValueError, KeyError, IndexError, TypeError):
        yield "not a message"
        return
    if header.get("resourceType") != "MessageHeader" or header["event"]["code"] != "ITK007C":
        yield "the first entry is not the header of Send Document"
    yield from _faults_of_header(header)
    yield from (f"{each} is missing" for each in NEEDED if each not in parts)
    if not set(NEEDED) - parts.keys():
        yield from _faults_of_parts(parts, root.findtext("To_DTS") or "")


def _faults_of_header(header: dict[str, Any]) -> Iterator[str]:
    handling = {each["url"]: each for each in header["extension"][0]["extension"]}
    if handling.get("LocalExtension", {}).get("valueString") != "SendDocument-ConsultationSummary":
        yield "the use case is not named"
    for name in ("BusAckRequested", "InfAckRequested"):
        if handling.get(name, {}).get("valueBoolean") is not True:
            yield f"{name} is not asked for"


def _faults_of_parts(parts: dict[str, Any], to: str) -> Iterator[str]:
    patient, binary = parts["Patient"], parts["Binary"]
    number = patient["identifier"][0]["value"]
    born = "".join(reversed(patient["birthDate"].split("-")))
    if to != f"GPPROVIDER_{number}_{born}_{patient['name'][0]['family']}":
        yield "the address and the patient do not agree"
    if binary["contentType"] != "application/pdf" or not base64.b64decode(
        binary["content"]
    ).startswith(b"%PDF"):
        yield "no PDF is in it"
    held = {f"urn:uuid:{each['id']}" for each in parts.values()}
    composition = parts["Composition"]
    pointed = [
        composition["subject"]["reference"],
        composition["author"][0]["reference"],
        composition["custodian"]["reference"],
        composition["section"][0]["entry"][0]["reference"],
    ]
    yield from (f"{each} is not in the document" for each in pointed if each not in held)


def _parts(bundle: dict[str, Any]) -> dict[str, Any]:
    """The resources of the payload that the header points to, by their type."""
    focus = bundle["entry"][0]["resource"]["focus"][0]["reference"]
    payload = next(each for each in bundle["entry"] if each["fullUrl"] == focus)["resource"]
    return {each["resource"]["resourceType"]: each["resource"] for each in payload["entry"]}
