"""Detects references of an English sentence to other sentences."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence

import msgspec

from service.analysis import Parse
from service.briefs.selecting.flags import is_expletive
from service.briefs.selecting.joining import is_adverb_that_joins, joining_words
from service.briefs.selecting.scores import stem

_PERSONAL = frozenset("he she they him her them his their hers theirs".split())
_OF_PERSONS = frozenset("he she him her his hers".split())
_PERSON = re.compile(
    r"(?:[eo]r|ist|ian|man|men|woman|women|boy|girl|child|baby|king|queen|chief|boss|wife|husband|"
    r"son|daughter|bride|groom|ant|ent|ee|eur|ress|victim|pilot|judge|guard|star|captain|priest|"
    r"pope|poet|host|champion|hero|official|individual|somebody|someone|person|people|nurse|coach|"
    r"cleric|monk|nun|-old|uncle|aunt|nephew|niece|friend|prince|princess|lord|lady|guest|thief|"
    r"dad|mum|mom|pal|youth|teen|adult|ally|rival|critic|fan|cook|chef|cop|colonel|general|spy|"
    r"secretary|suspect|couple|family|twin|athlete|duke|mechanic|native|relative|fugitive)s?$"
)
"""Nouns to which *he* or *she* may refer."""
_NEUTRAL = frozenset({"it", "its"})
_TIMES = frozenset(
    "year week month morning afternoon evening season autumn summer winter spring time weekend "
    "century decade quarter term day night today yesterday tomorrow tonight monday tuesday "
    "wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)
_LATER = re.compile(
    r"\b(?:minutes?|hours?|days?|weeks?|months?|years?|moments?|seconds|season) (?:later|"
    r"earlier|afterwards|before that|after that)\b|"
    r"\b(?:shortly|soon|not long) (?:after|afterwards|before)(?=[,.])|\bthe (?:same|following|"
    r"previous|next) (?:day|week|month|year|season|night|morning)\b",
    re.IGNORECASE,
)
_THAN_EARLIER = re.compile(
    r"\b(?:than|from|on|over|with|in) (?:an?|one|the same \w+ an?|the same \w+ of the) "
    r"(?:year|month|week|quarter|decade) (?:earlier|before)\b",
    re.IGNORECASE,
)
"""The rise or fall of a figure, which does not refer to another sentence."""
_KNOWN = frozenset(
    "government police president public weather world economy country nation army sun moon sea sky "
    "pope king queen internet court senate parliament congress opposition ministry mayor council "
    "city town state province company number rest majority most".split()
)
"""Nouns that readers of news know, or that are the topic of the text."""
_ACTORS = frozenset(
    "foundation company firm group agency bank party union club university school committee "
    "commission organisation organization charity teenager man woman boy girl couple victim "
    "suspect driver player striker side duo pair trio incident attack accident move decision "
    "proposal measure scheme deal agreement announcement statement study survey report findings "
    "letter document video film book "
    "forward midfielder defender goalkeeper winger captain coach manager skipper golfer boxer "
    "swimmer runner athlete champion star actor actress singer rapper author writer artist "
    "director politician lawmaker senator congressman congresswoman leader boss billionaire "
    "businessman entrepreneur teenager pensioner defendant accused chancellor side outfit airline "
    "retailer carmaker supermarket broadcaster newspaper publisher".split()
)
"""Nouns that, with only *the*, always refer to something that was mentioned before."""
_GROUP = "(group)"
"""Represents the group of a share."""
ACTORS = frozenset(map(stem, _ACTORS)) | {_GROUP}
_NATIONALITY = re.compile(r"^[A-Z]\w+(?:ish|[ae]an|ian|ese|ch|ic)$|^(?:Greek|Swiss)$")
"""*The English forward* identifies nobody more than *the forward* does."""
_OF_WHOM = re.compile(
    r"^(?:(?:A total of|About|Around|Some|More than|Nearly|Almost|Just|Only|Roughly|At least) )?"
    r"(?:[\d.]+(?: ?%| per ?cent)|[\w-]+ (?:per ?cent|in (?:ten|five|four|three))|Half|Most|"
    r"(?:Two|Three|Four)[- ](?:thirds|quarters|fifths|tenths)|"
    r"A (?:third|quarter|fifth|tenth|half)) (?:of )?(?:the |those )?"
    r"(?:pupils|students|people|respondents|participants|women|men|voters|patients|users|companies|"
    r"firms|businesses|workers|employees|adults|children|parents|teachers|members)\b"
    r"(?! (?:in|at|from|across|of) [A-Z])",
    re.IGNORECASE,
)
"""A share of a group that was mentioned before: *Half of the respondents*."""
_REST = re.compile(
    r"\b(?:the (?:missing|remaining) (?P<noun>[a-z]+s)|(?:the|all) (?:[a-z]+ )?others)\b"
)
"""Members of a group that was mentioned before: *two of the missing divers*."""
_NATIONAL_ACTOR = re.compile(r"The [A-Z]\w+ ([a-z]+)\b")
_SPEAKING_VERBS = frozenset(
    "said says told added adds wrote explained noted argued warned claimed insisted".split()
)
_TELLING = frozenset({"relcl", "acl", "prep", "amod", "advmod"})
_BASES = frozenset({"VB", "VBN"})
_SUBJECT_RELATIONS = frozenset({"nsubj", "nsubjpass", "expl", "csubj", "csubjpass"})
_FINITE = frozenset({"VBZ", "VBD", "VBP"})


_FRAGMENT = 12
"""Most words of a fragment."""
_REMARK = 16
"""Most words of a sentence that only says who spoke, and how."""
_WORDS_OF_A_TERM = 3
"""Up to so many words in quotation marks are a term and not a quotation."""


class References(msgspec.Struct, frozen=True):
    """``before``: the sentence cannot be read without the one before it. ``nouns``: stems of nouns
    with *the* in its subject, which seem to have been mentioned before; ``things``: those outside
    of the subject. ``whole``: it has a main clause.
    """

    before: bool
    nouns: frozenset[str]
    things: frozenset[str] = frozenset()
    whole: bool = True


def english_references(text: str, parse: Parse) -> References:
    """What an English sentence refers to outside itself."""
    unquoted = re.sub(r"“[^”]*”?|\"[^\"]*\"?", " ", text)
    main = {at for at, word in enumerate(parse.words) if word.head in parse.roots}
    subjects = [at for at in main if parse.words[at].relation in {"nsubj", "nsubjpass"}]
    before = bool(_LATER.search(_THAN_EARLIER.sub(" ", unquoted))) or _refers_back(
        text, parse, subjects
    )
    nouns: set[str] = set()
    things: set[str] = set()
    for at, word in enumerate(parse.words):
        # "the player who fell ill" refers to an earlier sentence about a player
        defined = any(parse.words[child].relation == "relcl" for child in parse.children(at))
        found = _definite(parse, at, defined=defined and at in subjects)
        if at in subjects and word.text.lower() in _TIMES:
            continue  # the second night fell
        if at in subjects or (word.text.lower() in _ACTORS and not defined):
            nouns |= found
        else:
            things |= found
    if _OF_WHOM.match(text):
        nouns.add(_GROUP)
    if rest := _REST.search(unquoted):
        nouns |= {_GROUP, stem(rest["noun"] or "")}
    opens = _NATIONAL_ACTOR.match(text)  # the parser may take "the English forward" for an adverb
    if opens and opens[1] in _ACTORS:
        nouns.add(stem(opens[1]))
    whole = _has_main_clause(parse) and not _says_nothing(text, parse)
    return References(before, frozenset(nouns), frozenset(things), whole)


def has_hidden_verb(parse: Parse) -> bool:
    """Whether a long sentence probably has a verb that the parser took for a participle (*An
    avalanche swept through*), a noun (*The ferry to Hav sails from 3 June*), or the verb of a
    relative clause (*Programs that spy on what people do could face a fine*). An article does not
    begin with a fragment of that length.
    """
    tags = [word.tag for word in parse.words]
    as_noun = any(
        before == "NNP" and noun == "NNS" and after in {"IN", "TO", "RB"}
        for before, noun, after in zip(tags, tags[1:], tags[2:], strict=False)
    )
    # the lighthouse, seen from the ferry
    set_off = sum(one == "," and two == "VBN" for one, two in itertools.pairwise(tags))
    told = {"VBD", "MD"}.intersection(tags) or tags.count("VBN") > set_off
    return len(tags) > _FRAGMENT and (as_noun or bool(told))


def were_introduced(things: Collection[str], before: str) -> bool:
    """Whether the text ``before`` introduces one of the ``things`` with *a*, so that *the* refers
    to it.
    """
    return any(
        re.search(rf"\b(?:an?|one) (?:[\w’'-]+ ){{0,3}}{re.escape(thing)}", before, re.IGNORECASE)
        for thing in things
    )


def _refers_back(text: str, parse: Parse, subjects: Sequence[int]) -> bool:
    """Whether a pronoun outside of quotations, or *this* or *such* something, refers to something
    that the sentence has not mentioned.
    """
    quoted = _quoted(text)
    joining = {start for start, _ in joining_words(text, parse)}
    named = person = False
    for at, word in enumerate(parse.words):
        lower = word.text.lower()
        if word.tag.startswith("NN") and lower.removesuffix("s") not in _TIMES:
            named = True
            person = person or word.tag.startswith("NNP") or bool(_PERSON.search(lower))
        if any(start <= word.start < end for start, end in quoted):
            continue
        adds = is_adverb_that_joins(parse, at) and word.start not in joining
        if _names_speaker(parse, at) or adds or _counts_back(parse, at):
            return True
        personal = lower in _PERSONAL and word.tag in {"PRP", "PRP$"}
        neutral = lower in _NEUTRAL and not is_expletive(text[word.start :])
        unnamed = not person if lower in _OF_PERSONS else not named
        if (personal or neutral) and unnamed:
            if not _announced(parse, at, subjects):
                return True
        elif word.tag == "DT" and lower in {"this", "these", "those", "that"}:
            if not _is_time(parse, at) and not _tells_which(parse, at):
                return True
        elif lower == "such" and _such_points_back(parse, at, named):
            return True
    return False


def _tells_which(parse: Parse, at: int) -> bool:
    """Whether the words after *those* identify it: *those still missing*."""
    word = parse.words[at]
    below = {parse.words[child].relation for child in parse.children(at) if child > at}
    return word.text.lower() == "those" and word.relation != "det" and bool(below & _TELLING)


def _such_points_back(parse: Parse, at: int, named: bool) -> bool:
    """Whether *such* refers to another sentence. *The first such scheme* may refer to its own."""
    if at + 1 == len(parse.words) or parse.words[at + 1].text == "as":
        return False
    return not (named and parse.words[at - 1].tag in {"JJ", "JJS"})


def _has_main_clause(parse: Parse) -> bool:
    """Whether there is a main clause with subject and verb. A fragment has no finite verb, or only
    one in a relative clause. Besides the parser's subject, any noun or pronoun before the verb
    counts, because the parser misses some subjects.
    """
    named = False
    for at, word in enumerate(parse.words):
        named = named or word.tag.startswith(("NN", "PRP", "WP", "DT", "CD", "EX"))
        if named and word.tag in {"MD", *_FINITE} and not is_subordinate(parse, at):
            return True
    # "cut", "put" and "hit" may be mistaken for participles
    subjects = (word for word in parse.words if word.relation in _SUBJECT_RELATIONS)
    return any(one.head in parse.roots and parse.words[one.head].tag in _BASES for one in subjects)


def _says_nothing(text: str, parse: Parse) -> bool:
    """Whether it is an attribution whose statement was in the sentence before: *He said in his
    deepest voice.*
    """
    quoted = " ".join(text[slice(*span)] for span in _quoted(text))
    if len(quoted.split()) > _WORDS_OF_A_TERM or re.search("['‘:]", text):
        return False
    if len(parse.words) > _REMARK and re.search(r"\bthat\b", text):
        return False
    for root in parse.roots:
        if parse.words[root].text.lower() in _SPEAKING_VERBS:
            below = {parse.words[at].relation for at in parse.children(root)}
            return not below & {
                "ccomp",
                "dobj",
                "xcomp",
                "conj",
                "dep",
                "parataxis",
                "intj",
            } and not ({"nsubjpass", "oprd"} & below)
    return False


def is_subordinate(parse: Parse, at: int) -> bool:
    """Whether a word is in a relative, participle or adverbial clause."""
    while parse.words[at].head != at:
        if parse.words[at].relation in {"relcl", "acl", "advcl"}:
            return True
        at = parse.words[at].head
    return False


def _counts_back(parse: Parse, at: int) -> bool:
    """Whether the word is a *both*, *either* or *neither* that refers to an earlier sentence."""
    word = parse.words[at]
    alone = word.relation in {"nsubj", "nsubjpass", "dobj", "pobj", "attr"}
    return word.text.lower() in {"both", "either", "neither"} and alone


def _names_speaker(parse: Parse, at: int) -> bool:
    """Whether the word is the pronoun in *he said* after a statement, which refers to somebody in
    the sentence before.
    """
    word = parse.words[at]
    verb = parse.words[word.head]
    pronoun = word.tag == "PRP" and word.relation == "nsubj"
    return pronoun and verb.text.lower() in _SPEAKING_VERBS and verb.head == word.head and at > 4


def _announced(parse: Parse, at: int, subjects: Sequence[int]) -> bool:
    """Whether the sentence names the referent after the pronoun: *In his speech, Xi said*."""
    return any(subject > at and parse.words[subject].tag in {"NNP", "NNPS"} for subject in subjects)


def _is_time(parse: Parse, at: int) -> bool:
    """Whether the word belongs to a time that the reader knows, such as *this week*. *In that week*
    is not one; *warned that time was short* only looks like one.
    """
    known = parse.words[at].text.lower() in {"this", "these"}
    head = parse.words[parse.words[at].head]
    after_preposition = at == 0 or parse.words[at - 1].tag == "IN"
    return head.text.lower() in _TIMES and (known or not after_preposition)


def _definite(parse: Parse, at: int, *, defined: bool) -> set[str]:
    """Stems of a subject such as *the report*, if its modifiers do not identify it."""
    noun = parse.words[at]
    if noun.tag not in {"NN", "NNS"} or noun.text.lower() in _KNOWN:
        return set()
    children = [parse.words[child] for child in parse.children(at)]
    if not any(one.relation == "det" and one.text.lower() in {"the", "both"} for one in children):
        return set()
    if defined:
        return set()
    telling = {"prep", "acl", "appos", "nummod", "poss"}
    actor = noun.text.lower() in _ACTORS
    names = [one for one in children if not (actor and _NATIONALITY.search(one.text))]
    if any(one.relation in telling for one in children):
        return set()
    if any(one.tag in {"NNP", "NNPS", "JJS"} for one in names):
        return set()
    return {stem(noun.text)}


def _quoted(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"“[^”]*”?|\"[^\"]*\"?", text)]
