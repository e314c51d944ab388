"""Documents on their way to practices: what stands in them, and who carries them."""

from datetime import datetime

from openprotect.gateways.gp_connect import Letter, MeshFolder
from openprotect.gateways.paper import NoPaper, page, pdf_of
from openprotect.people.models import Person
from openprotect.referrals.chores.posting import CannotSend, Post
from openprotect.referrals.models import Document

TITLE = "What was done after a check-in"
FOOT = "Sent by the team named above. Questions: ring them. A newer version replaces this one."


def post_to(folder: MeshFolder) -> Post:
    """Hands a document over to the client of MESH, once: a repeat finds it there."""

    def post(document: Document) -> None:
        if not folder.has(document.pk):
            folder.post(letter_of(document))

    return post


def letter_of(document: Document) -> Letter:
    """A document with the person it is about, as it leaves the house."""
    person = Person.objects.filter(pk=document.person_id).first()
    if person is None:
        raise CannotSend("no legal basis shows this person now")
    if person.birth_date is None:
        raise CannotSend("the birth date is not known, by which a practice is found")
    sender = document.alert.team.organisation
    return Letter(
        id=document.pk,
        replaces=document.replaces_id,
        version=document.version,
        at=document.made_at,
        nhs_number=person.nhs_number,
        family_name=person.family_name,
        given_name=person.given_name,
        birth_date=person.birth_date,
        practice_code=document.practice.code,
        sender_code=sender.code,
        sender=sender.name,
        sender_phone=sender.telephone,
        author=str(document.content["by"]),
        title=TITLE,
        pdf=paper_of(document, person),
    )


def paper(document: Document) -> bytes:
    """The document for a reader who may see the person."""
    return paper_of(document, Person.objects.get(pk=document.person_id))


def paper_of(document: Document, person: Person) -> bytes:
    """The document as its reader sees it."""
    said = document.content
    others = said["others"]
    facts = [
        ("Patient", f"{person.given_name} {person.family_name}"),
        ("NHS number", person.nhs_number),
        ("Date of birth", person.birth_date.strftime("%-d %B %Y") if person.birth_date else ""),
        ("What was needed", f"{said['need']} ({said['about']})"),
        ("What came of it", str(said["outcome"])),
        ("Note", str(said["note"])),
        ("Closed", f"{_day(said['closed_at'])} by {said['by']}, {said['team']}"),
        *((f"Asked of {name}", f"{came}. {note}") for name, came, note in _listed(others)),
        ("Version", str(document.version)),
    ]
    try:
        return pdf_of(page(TITLE, facts, FOOT))
    except NoPaper as why:
        raise CannotSend(str(why)) from None


def _listed(others: object) -> list[tuple[str, str, str]]:
    rows = others if isinstance(others, list) else []
    return [(str(name), str(came), str(note)) for name, came, note in rows]


def _day(text: object) -> str:
    return datetime.fromisoformat(str(text)).strftime("%-d %B %Y") if text else ""
