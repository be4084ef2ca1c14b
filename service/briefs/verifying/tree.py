"""An English parse with its words' dependents at hand."""

from __future__ import annotations

from service.analysis import Parse, Word


class Tree:
    """The words of a parsed sentence; ``below`` holds the indices of each one's dependents."""

    def __init__(self, parse: Parse) -> None:
        self.words = parse.words
        self.below: list[list[int]] = [[] for _ in parse.words]
        for at, word in enumerate(parse.words):
            if word.head != at:
                self.below[word.head].append(at)

    def key(self, at: int) -> str:
        """The word without inflection, in lower case."""
        return key_of(self.words[at])

    def lower(self, at: int) -> str:
        """The word as it stands, in lower case."""
        return self.words[at].text.lower()

    def has_below(self, at: int, *relations: str) -> bool:
        """Whether something hangs on word ``at`` by one of the relations."""
        return any(self.words[one].relation in relations for one in self.below[at])

    def subtree(self, at: int) -> set[int]:
        """Word ``at`` and all that depends on it."""
        found = {at}
        waiting = [at]
        while waiting:
            for one in self.below[waiting.pop()]:
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found


def key_of(word: Word) -> str:
    """The word without inflection, in lower case."""
    return (word.lemma or word.text).lower()
