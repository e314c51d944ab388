"""What is never used again for something else: an id or a code that answers are kept under."""

from collections.abc import Iterator, Mapping

from openprotect.packs.differences.asking import english_options, kinds


def reused(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[str]:
    """Each id and each answer of a published form that a new one would give another meaning.

    Answers of years ago are read by the newest rules when a change is rehearsed: under an id that
    was reused they would be read as answers to another question (bad inputs N03 and N07).
    """
    was, now = kinds(old), kinds(new)
    for link_id in (each for each in was if each in now and was[each] != now[each]):
        yield (
            f"The question {link_id} was of type {was[link_id]} and would be {now[link_id]}:"
            " give it a new id."
        )
    before, after = english_options(old), english_options(new)
    for link_id in (each for each in before if each in after):
        codes = {words: code for code, words in after[link_id].items()}
        for code, words in before[link_id].items():
            other = codes.get(words)
            if other and other != code and code not in after[link_id]:
                yield (
                    f"{link_id}: the answer “{words}” was kept as {code} and would be {other}:"
                    " leave it its code, or word it otherwise."
                )
