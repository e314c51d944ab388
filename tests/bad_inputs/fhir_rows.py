"""Rows Q09 to Q12 and F01 to F27: archives and FHIR bundles."""

import gzip
import json
import zipfile

from tests.bad_inputs.making import ANN, BOB, NHS, condition, patient

BUNDLE = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": []})


def q09(make):
    for name in ("../out.json", "/etc/out.json", "a\\..\\..\\out.json", "C:\\out.json"):
        yield make.archive([(name, BUNDLE)])
    link = zipfile.ZipInfo("link.json")
    link.external_attr = 0o120777 << 16
    yield make.archive([(link, "/etc/passwd")])


def q10(make):
    yield make.archive([("bomb.json", b"0" * 30_000_000)])


def q10_nested(make):
    yield make.archive([("inner.zip", BUNDLE)])


def q10_many(make):
    yield make.archive([(f"{at}.json", "") for at in range(20_001)])


def q11(make):
    whole = bytearray(gzip.compress(b"0" * 100_000))
    whole[-4:] = (10).to_bytes(4, "little")
    yield [make.file(bytes(whole), "people.csv.gz")], {}
    yield [make.file(bytes(whole))], {}


def q12(make):
    def encrypted(content):
        at = content.index(b"PK\x01\x02") + 8
        return content[:at] + bytes([content[at] | 1]) + content[at + 1 :]

    yield make.archive([("a.json", BUNDLE)], change=encrypted)


def raw(make, text):
    return [make.file(text, "bundle.json")], {}


def f01(make):
    yield [make.file("<?xml version='1.0'?><Bundle/>", "bundle.xml")], {}
    yield raw(make, "<!DOCTYPE x [<!ENTITY a 'b'>]><Bundle/>")


def f02(make):
    yield raw(make, '{"a":' * 100_000 + "1" + "}" * 100_000)
    yield raw(make, "[" * 100_000)


def f03(make):
    yield raw(make, '{"resourceType":"Bundle","type":"collection","type":"batch","entry":[]}')


def f04(make):
    for number in ("NaN", "Infinity", "-Infinity"):
        yield raw(make, f'{{"resourceType":"Bundle","total":{number},"entry":[]}}')


def f05(make):
    yield raw(make, f'{{"resourceType":"Bundle","total":{"9" * 5_000},"entry":[]}}')


def f06(make):
    entries = ",".join(["{}"] * 100_001)
    yield raw(make, f'{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}')


def f06_large(make):
    path = make.file(BUNDLE, "bundle.json")
    with path.open("r+b") as file:
        file.truncate(500_000_000)
    yield [path], {}


def f07(make):
    bad = condition(id="bad", onsetDateTime="2019-13-45")
    yield make.bundle(patient(), condition(), bad, kind="transaction")


def f08(make):
    bad = condition(id="bad", onsetDateTime="2019-13-45")
    yield make.bundle(patient(), condition(), bad, kind="batch")


def f09(make):
    yield make.bundle(patient(), condition(), urls=["urn:uuid:1", "urn:uuid:1"])
    yield make.bundle(patient(), patient())


def f10(make):
    bob = {"name": [{"family": "Bell"}], "birthDate": "1961-05-04"}
    make.take_in(*make.bundle(patient(number=BOB, id="bob", **bob))[0])
    for nobody in ("Patient/bob", "Patient/nobody"):
        yield make.bundle(patient(), condition(subject={"reference": nobody}))


def f11(make):
    for address in ("http://169.254.169.254/Patient/p", "file:///etc/passwd"):
        yield make.bundle(patient(), condition(subject={"reference": address}))


def f12(make):
    itself = {"resourceType": "Organization", "id": "o", "partOf": {"reference": "#o"}}
    yield make.bundle(patient(), condition(contained=[itself]), kind="transaction")


def f13(make):
    entries = [
        {
            "resource": each,
            "request": {
                "method": "POST",
                "url": "Patient",
                "ifNoneExist": f"identifier={NHS}|{ANN}",
            },
        }
        for each in (patient(id="one"), patient(id="two"))
    ]
    whole = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    yield raw(make, json.dumps(whole))


def f14(make):
    yield make.bundle(patient(number=""))
    two = [{"system": NHS, "value": ANN}, {"system": NHS, "value": BOB}]
    yield make.bundle(patient(identifier=two))


def f14_old(make):
    two = [{"system": NHS, "value": ANN}, {"system": NHS, "value": BOB, "use": "old"}]
    yield make.bundle(patient(identifier=two))


def f15(make):
    yield make.bundle(patient(identifier=[{"system": f"{NHS}s", "value": ANN}]))


def f16(make):
    yield make.bundle(patient(deceasedBoolean=True))


def f17(make):
    for born in ("1950", "1950-03"):
        yield make.bundle(patient(birthDate=born))


def f18(make):
    for label in ({"code": "R"}, {"system": "urn:local", "code": "never heard of"}):
        yield make.bundle(patient(meta={"security": [label]}))


def f19(make):
    address = {"line": ["1 Elsewhere"], "postalCode": "NR1 1AA"}
    ended = {**address, "use": "home", "period": {"end": "2020-01-01"}}
    yield make.bundle(patient(address=[{**address, "use": "temp"}, ended]))


def f20(make):
    text = {"status": "generated", "div": "<div onload='x()'><script>x()</script></div>"}
    yield make.bundle(patient(text=text), condition(text=text))


def f21(make):
    modifier = [{"url": "urn:not-understood", "valueBoolean": True}]
    yield make.bundle(patient(), condition(modifierExtension=modifier))


def f21_whole(make):
    modifier = [{"url": "urn:not-understood", "valueBoolean": True}]
    yield make.bundle(patient(), condition(modifierExtension=modifier), kind="transaction")


def f22(make):
    status = {"coding": [{"code": "entered-in-error"}]}
    yield make.bundle(patient(), condition(verificationStatus=status))


def f23(make):
    glucose = {
        "resourceType": "Observation",
        "id": "o",
        "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1005671000000105"}]},
        "effectiveDateTime": "2019-01-01",
        "valueQuantity": {"value": 110, "unit": "mg/dL"},
    }
    yield make.bundle(patient(), glucose)


def f26(make):
    newer = {"meta": {"lastUpdated": "2026-10-01T10:00:00Z"}}
    older = {"meta": {"lastUpdated": "2026-09-01T10:00:00Z"}}
    make.take_in(*make.bundle(patient(**newer))[0])
    yield make.bundle(patient(**older, gender="male"))


def f27(make):
    many = [{"url": "urn:x", "valueBoolean": True}] * 10_000
    yield make.bundle(patient(), condition(extension=many), kind="transaction")


def answers(**more):
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "q",
        "subject": {"reference": "Patient/p"},
        "status": "completed",
        "questionnaire": "https://openprotect.test/Questionnaire/check-in|1",
        "item": [{"linkId": "never-asked", "answer": [{"valueString": "yes"}]}],
        **more,
    }


def f24(make):
    yield make.bundle(patient(), answers())
    yield make.bundle(patient(), answers(item=[{"linkId": "hidden", "answer": []}]))


def f24_whole(make):
    yield make.bundle(patient(), answers(), kind="transaction")


def f25(make):
    unversioned = answers(questionnaire="https://openprotect.test/Questionnaire/check-in")
    yield make.bundle(patient(), unversioned)


def f25_never(make):
    never = answers(questionnaire="https://openprotect.test/Questionnaire/check-in|99")
    yield make.bundle(patient(), never)
