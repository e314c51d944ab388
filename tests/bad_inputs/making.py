"""Bad extracts, each made by the function that is named after its row of the catalogue."""

import io
import json
import zipfile

from nhs_number import calculate_checksum

from openprotect.records.readers.csv_text import Declared

HEADER = "nhs_number,family_name,birth_date,sex,practice_code"
PERSON = ",Ames,1950-04-03,female,D82001"
NHS = "https://fhir.nhs.uk/Id/nhs-number"


def numbers(count, start=450_557_710):
    found = []
    while len(found) < count:
        check = calculate_checksum(f"{start}")
        if check is not None and check < 10:
            found.append(f"{start}{check}")
        start += 1
    return found


ANN, BOB, CAT, DAN = numbers(4)


class Maker:
    """Writes files into one folder; gives the paths and options of each case."""

    def __init__(self, folder, take_in):
        self.folder, self.take_in = folder, take_in
        self.count = 0

    def file(self, content, name="people.csv"):
        self.count += 1
        path = self.folder / str(self.count) / name
        path.parent.mkdir()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def people(self, *rows, header=HEADER, end="\n", **options):
        return [self.file(end.join([header, *rows]) + end)], options

    def events(self, *rows, header="nhs_number,code,system,date", people=()):
        written = "\n".join([header, *rows]) + "\n"
        listed = "\n".join([HEADER, ANN + PERSON, *people]) + "\n"
        return [self.file(listed), self.file(written, "events.csv")], {}

    def field(self, column, value, **options):
        """One sound row with one more column."""
        return self.people(f"{ANN}{PERSON},{value}", header=f"{HEADER},{column}", **options)

    def archive(self, entries, *, change=None):
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as opened:
            for name, content in entries:
                opened.writestr(name, content)
        content = whole.getvalue()
        return [self.file(change(content) if change else content, "bundles.zip")], {}

    def bundle(self, *resources, kind="collection", urls=None, **more):
        entries = [
            {"fullUrl": urls[at] if urls else f"urn:uuid:{at}", "resource": each}
            for at, each in enumerate(resources)
        ]
        whole = {"resourceType": "Bundle", "type": kind, "entry": entries, **more}
        return [self.file(json.dumps(whole), "bundle.json")], {}


def patient(number=ANN, **more):
    identifiers = [{"system": NHS, "value": number}] if number else []
    return {
        "resourceType": "Patient",
        "id": "p",
        "identifier": identifiers,
        "name": [{"family": "Ames", "given": ["Ann"]}],
        "birthDate": "1950-04-03",
        "gender": "female",
        **more,
    }


def condition(code="195967001", **more):
    return {
        "resourceType": "Condition",
        "id": "c",
        "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": code}]},
        "onsetDateTime": "2019-01-01",
        **more,
    }


def declared(**said):
    return Declared(**said)
