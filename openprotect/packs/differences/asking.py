"""Two questionnaires side by side, read as FHIR has them, in every language."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openprotect.packs.differences.difference import Difference, added, from_to, shared, told

FILE: Final = "questionnaire.json"
PART: Final = "questions"
TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
EMERGENCY: Final = "StructureDefinition/emergency"
OURS: Final = {
    "StructureDefinition/help": "the help",
    "StructureDefinition/caller-wording": "what a caller says",
    "StructureDefinition/minValue": "the lowest number",
    "StructureDefinition/maxValue": "the highest number",
    "questionnaire-unit": "the unit",
    "questionnaire-hidden": "whether it is hidden",
}
# What is told of by itself, or is no concern of who signs.
SAID_APART: Final = ("linkId", "text", "_text", "item", "answerOption", "extension", "enableWhen")


@dataclass(frozen=True)
class Asked:
    """One item as its FHIR form has it; `words` are its texts by language, English under `en`."""

    words: Mapping[str, str]
    plain: Mapping[str, object]
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scores: Mapping[str, object] = field(default_factory=dict)
    shown_when: str = ""
    extensions: Mapping[str, str] = field(default_factory=dict)
    emergencies: tuple[str, ...] = ()


def of_forms(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[Difference]:
    before, after = json.loads(old[FILE]), json.loads(new[FILE])
    if (one := _emergencies(before)) != (other := _emergencies(after)):
        yield Difference(PART, f"the emergency text {from_to(*map(', '.join, (one, other)))}", True)
    was, now = _items(before), _items(after)
    for link_id in shared(was, now):
        yield from _of_item(link_id, was[link_id], now[link_id])
    for link_id in added(was, now):
        yield Difference(PART, f"{link_id} is new: {told(now[link_id].words.get('en', ''))}")
    for link_id in added(now, was):
        words = told(was[link_id].words.get("en", ""))
        yield Difference(PART, f"{link_id} is no longer asked: {words}", True)
    if (first := shared(was, now)) != (second := shared(now, was)):
        moved = [link_id for link_id, other in zip(first, second, strict=True) if link_id != other]
        yield Difference(PART, f"asked in another order: {', '.join(moved)}")


def kinds(files: Mapping[str, bytes]) -> dict[str, str]:
    """The type of each item that keeps answers, by its id."""
    found = _items(json.loads(files[FILE]))
    asked = {link_id: str(each.plain.get("type", "")) for link_id, each in found.items()}
    return {link_id: kind for link_id, kind in asked.items() if kind not in ("group", "display")}


def english_options(files: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """The answers to each question: their English words by code."""
    return {
        link_id: {code: words.get("en", "") for code, words in each.options.items()}
        for link_id, each in _items(json.loads(files[FILE])).items()
    }


def _of_item(link_id: str, old: Asked, new: Asked) -> Iterator[Difference]:
    for words, language in _words("the question", old.words, new.words):
        yield Difference(PART, f"{link_id}: {words}", language=language)
    for code in shared(old.options, new.options):
        for words, language in _words(f"the answer {code}", old.options[code], new.options[code]):
            yield Difference(PART, f"{link_id}: {words}", language=language)
    for words in _plainly(old, new):
        yield Difference(PART, f"{link_id}: {words}")
    for words, is_grave in (*_emergency_texts(old, new), *_answers(old, new)):
        yield Difference(PART, f"{link_id}: {words}", is_grave)


def _plainly(old: Asked, new: Asked) -> Iterator[str]:
    if old.shown_when != new.shown_when:
        yield f"it is shown {new.shown_when or 'always'}, not {old.shown_when or 'always'}"
    for was, now in ((old.plain, new.plain), (old.extensions, new.extensions)):
        for key in sorted(was.keys() | now.keys()):
            if was.get(key) != now.get(key):
                yield f"{key} {from_to(was.get(key), now.get(key))}"


def _emergency_texts(old: Asked, new: Asked) -> Iterator[tuple[str, bool]]:
    for gone in (each for each in old.emergencies if each not in new.emergencies):
        yield f"this emergency text is gone: {told(gone)}", True
    for fresh in (each for each in new.emergencies if each not in old.emergencies):
        yield f"this emergency text is new: {told(fresh)}", False


def _answers(old: Asked, new: Asked) -> Iterator[tuple[str, bool]]:
    """The same words under another code are recoded: earlier answers mean something else now."""
    gone, fresh = added(new.options, old.options), added(old.options, new.options)
    for code in list(gone):
        words = old.options[code].get("en")
        twin = next((each for each in fresh if new.options[each].get("en") == words), None)
        if twin:
            gone.remove(code)
            fresh.remove(twin)
            yield f"the answer {told(words)} is recoded {from_to(code, twin)}", True
    for each in gone:
        yield f"the answer {each} is gone: {told(old.options[each].get('en'))}", True
    for each in fresh:
        yield f"the answer {each} is new: {told(new.options[each].get('en'))}", False
    for code in shared(old.options, new.options):
        if old.scores.get(code) != new.scores.get(code):
            change = from_to(old.scores.get(code), new.scores.get(code))
            yield f"the answer {code} scores {change}", False


def _words(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each change with the language it is in."""
    for language in dict.fromkeys((*old, *new)):
        if old.get(language) != new.get(language):
            spoken = "" if language == "en" else f" in {language}"
            yield f"{what}{spoken} {from_to(old.get(language), new.get(language))}", language


def _items(form: Mapping[str, Any]) -> dict[str, Asked]:
    """Every item by its id, in the order in which they are asked."""
    found: dict[str, Asked] = {}
    waiting = list(form.get("item", ()))
    while waiting:
        item = waiting.pop(0)
        found[str(item.get("linkId"))] = _asked(item)
        waiting[:0] = item.get("item", ())
    return found


def _asked(item: Mapping[str, Any]) -> Asked:
    options = [each.get("valueCoding", {}) for each in item.get("answerOption", ())]
    return Asked(
        words=_in_languages(item, "text"),
        plain={key: _plain(each) for key, each in item.items() if key not in SAID_APART},
        options={str(each.get("code")): _in_languages(each, "display") for each in options},
        scores={
            str(each.get("valueCoding", {}).get("code")): _score(each)
            for each in item.get("answerOption", ())
        },
        shown_when=_shown_when(item),
        extensions=_extensions(item),
        emergencies=_emergencies(item),
    )


def _plain(value: object) -> object:
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else value


def _in_languages(element: Mapping[str, Any], key: str) -> dict[str, str]:
    words = {"en": str(element.get(key, ""))}
    for each in element.get(f"_{key}", {}).get("extension", ()):
        if each.get("url") == TRANSLATION:
            parts = {part.get("url"): part for part in each.get("extension", ())}
            language = str(parts.get("lang", {}).get("valueCode", "?"))
            content = parts.get("content", {})
            words[language] = str(content.get("valueString", content.get("valueMarkdown", "")))
    return words


def _score(option: Mapping[str, Any]) -> object:
    both = (*option.get("extension", ()), *option.get("valueCoding", {}).get("extension", ()))
    return next((each.get("valueDecimal") for each in both if "ordinal" in each["url"]), None)


def _shown_when(item: Mapping[str, Any]) -> str:
    joined = " or " if item.get("enableBehavior") == "any" else " and "
    return joined.join(_condition(each) for each in item.get("enableWhen", ()))


def _condition(each: Mapping[str, Any]) -> str:
    answer = next((value for key, value in each.items() if key.startswith("answer")), None)
    value = answer.get("code") if isinstance(answer, dict) else answer
    return f"when {each.get('question')} {each.get('operator')} {told(value)}"


def _extensions(item: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for each in item.get("extension", ()):
        name = next((words for end, words in OURS.items() if each["url"].endswith(end)), None)
        if name is None and not each["url"].endswith(EMERGENCY):
            name = each["url"].rsplit("/", 1)[-1]
        if name:
            found[name] = "; ".join(str(_plain(v)) for k, v in each.items() if k != "url")
    return found


def _emergencies(element: Mapping[str, Any]) -> tuple[str, ...]:
    """Each red flag in one line: for which answers, which number, in what words."""
    return tuple(
        " ".join(_parts(each))
        for each in element.get("extension", ())
        if each.get("url", "").endswith(EMERGENCY)
    )


def _parts(extension: Mapping[str, Any]) -> Iterator[str]:
    for part in extension.get("extension", ()):
        yield from (str(value) for key, value in part.items() if key.startswith("value"))
