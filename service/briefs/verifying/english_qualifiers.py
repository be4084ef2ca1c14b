"""The qualifiers of English words: not, may, most, former, "said"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.briefs.verifying.lexicon import (
    ALLEGED,
    MODALS,
    NEAR_NEGATIONS,
    NEARLY,
    NEGATIONS,
    PLANS,
    POSSIBLY,
    QUANTIFIERS,
    ROLES,
    SAYING,
    SPEECH,
    SPEECH_NOUNS,
    UNCERTAIN_ADJECTIVES,
    WARRANTS,
)
from service.briefs.verifying.reading import (
    WEAKEST_FIRST,
    Certainty,
    Qualifiers,
    Quantifier,
)
from service.briefs.verifying.tree import Tree, key_of

_NAME_TAGS = ("NNP", "NNPS")
_IF = frozenset(("if", "unless"))
_DEEPEST = 8
"""How many coordinations are followed upwards."""


class QualifiersOf:
    """The qualifiers of the words of one sentence."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.attributed = _attributed(tree)
        every = range(len(tree.words))
        self._certainty = [_certainty(tree, at) for at in every]
        self._hedged = [one != "fact" for one in self._certainty]
        self._denied = [_is_negated_or_denied(tree, at) for at in every]

    def _above(self, at: int, holds: Sequence[bool]) -> bool:
        """Return whether ``holds`` is true of the word or of one that it depends on."""
        words = self._tree.words
        for _ in range(_DEEPEST):
            if holds[at]:
                return True
            if words[at].head == at:
                return False
            at = words[at].head
        return False

    def __getitem__(self, at: int) -> Qualifiers:
        return Qualifiers(
            negated=_is_negated(self._tree, at),
            near_negation=self._above(at, self._denied),
            certainty=self._certainty[at],
            hedged=self._above(at, self._hedged),
            quantifier=_quantifier(self._tree, at),
            roles=_roles(self._tree, at),
            attributed=at in self.attributed,
        )


def _is_negated_or_denied(tree: Tree, at: int) -> bool:
    words = [at, *tree.below[at], *(low for one in tree.below[at] for low in tree.below[one])]
    return _is_negated(tree, at) or any(tree.key(one) in NEAR_NEGATIONS for one in words)


def _is_negated(tree: Tree, at: int) -> bool:
    word = tree.words[at]
    if any(tree.key(one) in NEGATIONS and not _only(tree, one) for one in tree.below[at]):
        return True
    # "is not ready", "was not guilty of one": the negation hangs on the verb to be
    if word.head == at or word.relation not in {"acomp", "attr", "oprd", "xcomp", "conj"}:
        return False
    linked = tree.words[word.head].lemma == "be" or word.relation in {"xcomp", "conj"}
    own = tree.has_below(at, "nsubj", "nsubjpass")
    above = tree.below[word.head]
    return (
        linked
        and not own
        and any(tree.key(one) in {"not", "n't", "never"} and not _only(tree, one) for one in above)
    )


def _only(tree: Tree, at: int) -> bool:
    """Return whether a "not" is part of "not only", which negates nothing."""
    following = tree.words[at + 1 : at + 3]
    return any(word.text.lower() in {"only", "just", "merely"} for word in following[:1])


def _certainty(tree: Tree, at: int, depth: int = 0) -> Certainty:
    options = ["fact", *_hedges_below(tree, at), *_hedges_above(tree, at)]
    word = tree.words[at]
    coordinated = word.relation == "conj" and not tree.has_below(at, "nsubj", "nsubjpass", "aux")
    linked = (word.relation == "advcl" and word.tag == "VBG") or (
        word.relation in {"acomp", "attr"} and (tree.words[word.head].lemma in {"be", "become"})
    )
    if word.head != at and (coordinated or linked) and depth < _DEEPEST:
        options.append(_certainty(tree, word.head, depth + 1))
    return min(options, key=WEAKEST_FIRST.index)  # type: ignore[arg-type]


def _hedges_below(tree: Tree, at: int) -> Iterator[str]:
    for one in tree.below[at]:
        word, key = tree.words[one], tree.lower(one)
        if word.tag == "MD" and key in MODALS:
            yield MODALS[key]
        possible = (word.relation == "advmod" and key in POSSIBLY) or (
            word.relation == "mark" and key in {*_IF, "whether"}
        )
        if word.relation == "advcl" and any(tree.lower(low) in _IF for low in tree.below[one]):
            yield "may"
        doubtful = key in UNCERTAIN_ADJECTIVES or key in ALLEGED
        if possible or (word.relation in {"amod", "compound"} and doubtful):
            yield "may"


def _hedges_above(tree: Tree, at: int) -> Iterator[str]:
    word = tree.words[at]
    if word.head == at:
        return
    above = tree.words[word.head]
    infinitive = any(tree.words[one].tag == "TO" for one in tree.below[at])
    if infinitive or word.tag == "VBG":
        yield PLANS.get(tree.key(word.head), "fact")
    going = above.lemma == "go" or not tree.has_below(word.head, "attr", "acomp")
    if infinitive and above.lemma in {"be", "go"} and going:
        yield "will"
    if infinitive and above.text.lower() in POSSIBLY:
        yield "may"
    if word.relation in {"compound", "nmod"} and tree.key(word.head) in WARRANTS:
        yield "plan"
    if word.relation == "pobj" and above.text.lower() in {"for", "of"}:
        owner = tree.words[above.head]
        if key_of(owner) in WARRANTS and owner.tag.startswith("NN"):
            yield "plan"


def _quantifier(tree: Tree, at: int) -> Quantifier:
    word = tree.words[at]
    before = [one for one in tree.below[at] if one < at]
    if word.relation == "pobj" and tree.lower(word.head) == "of":
        owner = tree.words[word.head].head
        before += [owner, *tree.below[owner]]
    for one in before:
        if tree.key(one) in QUANTIFIERS:
            nearly = any(tree.key(below) in NEARLY for below in tree.below[one])
            return "most" if nearly else QUANTIFIERS[tree.key(one)]  # type: ignore[return-value]
    return ""


def _roles(tree: Tree, at: int) -> frozenset[str]:
    word = tree.words[at]
    if not word.tag.startswith("NN"):
        return frozenset()
    near = range(max(0, at - 4), min(len(tree.words), at + 3))
    return frozenset(ROLES[tree.lower(one)] for one in near if _is_role_of(tree, one, at))


def _is_role_of(tree: Tree, one: int, at: int) -> bool:
    """Return whether word ``one`` changes the office that word ``at`` names."""
    word, key = tree.words[one], tree.lower(one)
    if key not in ROLES or one == at:
        return False
    if one > at:
        return key in {"elect", "designate"}
    owned = word.head == at and word.relation in {"amod", "compound", "nmod"}
    between = tree.words[one + 1 : at]
    return owned or all(word.tag.startswith(("NN", "JJ", "HYPH")) for word in between)


def _attributed(tree: Tree) -> set[int]:
    """Return the indices of the words in reported speech."""
    attributed: set[int] = set()
    for at, word in enumerate(tree.words):
        key = tree.key(at)
        if word.tag.startswith("VB") and key in SPEECH:
            attributed |= _said_by(tree, at)
        elif word.tag.startswith("NN") and key in SPEECH_NOUNS:
            attributed |= _below_by(tree, at, {"acl"})
        if key in SAYING or (key in ALLEGED and word.relation in {"amod", "advmod"}):
            attributed |= tree.subtree(word.head)
        if key == "accord" or word.text.lower() == "according":
            attributed |= set(range(len(tree.words))) - tree.subtree(at)
    return attributed


def _said_by(tree: Tree, at: int) -> set[int]:
    word = tree.words[at]
    relations = {"ccomp", "pcomp"}
    if tree.key(at) in {"accuse", "suspect", "charge"}:
        relations.add("prep")
    if word.relation in {"ROOT", "ccomp"}:
        relations.add("xcomp")
    said = _below_by(tree, at, relations)
    if word.relation == "parataxis":
        said |= tree.subtree(word.head) - tree.subtree(at)
    return said


def _below_by(tree: Tree, at: int, relations: set[str]) -> set[int]:
    found: set[int] = set()
    for one in tree.below[at]:
        if tree.words[one].relation in relations:
            found |= tree.subtree(one)
    return found
