"""Questionnaires to test with, made here in a few words."""

from openprotect.forms.reading import read_form

HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"


def questionnaire(*items, **more):
    return {
        "resourceType": "Questionnaire",
        "url": "https://example.org/Questionnaire/small",
        "version": "1",
        "status": "active",
        "item": list(items),
        **more,
    }


def item(link_id, kind="string", *items, text="", **more):
    beneath = {"item": list(items)} if items else {}
    return {"linkId": link_id, "type": kind, "text": text or f"About {link_id}", **beneath, **more}


def choice(link_id, *codes, **more):
    options = [{"valueCoding": {"code": code, "display": code.title()}} for code in codes]
    return item(link_id, more.pop("kind", "choice"), answerOption=options, **more)


def extension(url, **value):
    return {"url": url, **value}


def formula(url, text, **more):
    return extension(url, valueExpression={"language": "text/fhirpath", "expression": text, **more})


def when(question, operator="=", **answer):
    return {"question": question, "operator": operator, **answer}


def reading(*items, **more):
    return read_form(questionnaire(*items, **more))


def form(*items, **more):
    return reading(*items, **more).form


def said(found):
    """What a reading said, by grade."""
    return [(note.grade.value, note.item, note.words) for note in found.notes]
