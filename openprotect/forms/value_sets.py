"""Lists of answers that a form refers to: contained in it, in a file beside it, or well known."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Final

from openprotect.forms.addresses import SCORES
from openprotect.forms.documents import Resource, read_document
from openprotect.forms.element import Element
from openprotect.forms.items import Option
from openprotect.forms.notes import Notes

MOST_ANSWERS: Final = 5000
DEEPEST: Final = 20
FILTERS: Final = ("is-a", "descendent-of", "=")


class NotHere(Exception):
    """The list cannot be had; the words say why."""


@dataclass(frozen=True)
class Library:
    """Value sets and code systems by address, beside those that every installation has."""

    resources: Mapping[str, Resource] = field(default_factory=dict)

    def find(self, address: str) -> Resource | None:
        """By canonical address, with or without a version, or by the relative one of its kind."""
        name = address.split("|")[0]
        return self.resources.get(name) or well_known().get(name)

    def with_contained(self, form: Resource) -> "Library":
        """The same, with what a form carries within it: under its address and under #id."""
        contained = form.get("contained")
        found = dict(self.resources)
        for each in contained if isinstance(contained, list) else ():
            if isinstance(each, dict) and each.get("id"):
                found[f"#{str(each['id']).removeprefix('#')}"] = each
            if is_list(each):
                found |= by_address([each])
        return replace(self, resources=found)


def is_list(resource: object) -> bool:
    return isinstance(resource, dict) and resource.get("resourceType") in ("ValueSet", "CodeSystem")


def by_address(found: Iterable[Resource]) -> dict[str, Resource]:
    """Each list under every address by which a form may name it."""
    listed: dict[str, Resource] = {}
    for each in found:
        if isinstance(url := each.get("url"), str):
            listed[url.split("|")[0]] = each
        if isinstance(name := each.get("id"), str):
            listed[f"{each['resourceType']}/{name}"] = each
    return listed


@cache
def well_known() -> Mapping[str, Resource]:
    """HL7's own lists that forms use again and again (CC0), from the folder `lists`."""
    folder = resources.files("openprotect.forms") / "lists"
    files = (each for each in folder.iterdir() if not each.name.endswith(".md"))
    found = [read_document(each.read_bytes()) for each in files]
    return by_address(found)


def answers_of(address: str, library: Library, *, language: str = "") -> tuple[Option, ...]:
    """The answers of a list, in its order, each once; NotHere when it cannot be had in full."""
    listed = list(_codes(address, library, language, DEEPEST))
    if len(listed) > MOST_ANSWERS:
        raise NotHere(f"has more than {MOST_ANSWERS} answers")
    found = {(each.system, each.code): each for each in reversed(listed)}
    if not found:
        raise NotHere("has no answers in it")
    return tuple(reversed(found.values()))


def _codes(address: str, library: Library, language: str, depth: int) -> Iterator[Option]:
    resource = library.find(address)
    if resource is None or resource.get("resourceType") != "ValueSet":
        raise NotHere("is not here")
    if depth == 0:
        raise NotHere("refers to itself")
    root = Element(resource, Notes(), language=language)
    expansion = root.child("expansion")
    if expansion.has("contains"):
        yield from _contained(expansion, DEEPEST)
        return
    compose = root.child("compose")
    excluded = {
        (each.system, each.code)
        for part in compose.listed("exclude")
        for each in _included(part, library, language, depth)
    }
    for part in compose.listed("include"):
        for each in _included(part, library, language, depth):
            if (each.system, each.code) not in excluded:
                yield each


def _contained(parent: Element, depth: int) -> Iterator[Option]:
    for each in parent.listed("contains") if depth else ():
        if each.has("code") and not each.flag("abstract"):
            yield _option(each, each.text("system"))
        yield from _contained(each, depth - 1)


def _included(part: Element, library: Library, language: str, depth: int) -> Iterator[Option]:
    for address in part.texts("valueSet"):
        yield from _codes(address, library, language, depth - 1)
    system = part.text("system")
    if part.has("concept"):
        yield from (_option(each, system) for each in part.listed("concept"))
    elif system:
        yield from _of_system(system, list(part.listed("filter")), library, language)


def _of_system(
    system: str, filters: list[Element], library: Library, language: str
) -> Iterator[Option]:
    found = library.find(system)
    if found is None or found.get("resourceType") != "CodeSystem":
        raise NotHere(f"takes codes of {system[:100]}, which is not here")
    if found.get("content", "complete") not in ("complete", "fragment", "example"):
        raise NotHere(f"takes codes of {system[:100]}, of which the codes are not here")
    tops = list(Element(found, Notes(), language=language).listed("concept"))
    for each in filters:
        tops = list(_filtered(each, tops))
    for top in tops:
        for concept in _family(top, DEEPEST):
            yield _option(concept, system)


def _filtered(test: Element, tops: list[Element]) -> Iterator[Element]:
    """Only what stands under a code of the same list can be told from the list alone."""
    operator, value = test.text("op"), test.text("value")
    if test.text("property") not in ("concept", "code") or operator not in FILTERS:
        raise NotHere(f"is filtered by {test.text('property')} {operator}, which is not computed")
    everything = (each for top in tops for each in _family(top, DEEPEST))
    for found in (each for each in everything if each.text("code") == value):
        if operator == "descendent-of":
            yield from found.listed("concept")
        elif operator == "is-a":
            yield found
        else:
            alone = {key: each for key, each in found.values.items() if key != "concept"}
            yield replace(found, values=alone)


def _family(concept: Element, depth: int) -> Iterator[Element]:
    yield concept
    for each in concept.listed("concept") if depth else ():
        yield from _family(each, depth - 1)


def _option(element: Element, system: str) -> Option:
    code = element.text("code")
    score = element.extension(*SCORES)
    return Option(
        code=code,
        display=_in_language(element) or element.words("display") or code,
        system=system,
        score=score.number(score.value_key()) if score else None,
    )


def _in_language(element: Element) -> str:
    if not element.language:
        return ""
    wanted = (
        each.text("value")
        for each in element.listed("designation")
        if each.text("language") == element.language
    )
    return next(wanted, "")
