"""Faults in English sentences. The parse says where words stand; the rules are the bench's own."""

from __future__ import annotations

import re

from bench.planting.common import (
    Plant,
    Soil,
    change_number,
    exchange,
    invent,
    move_number,
    put,
)
from service.analysis import Analyzes, Parse

_PAST = dict(
    pair.split(":")
    for pair in """be:was have:had do:did go:went make:made take:took give:gave get:got come:came
    see:saw say:said tell:told find:found become:became begin:began leave:left meet:met lead:led
    hold:held bring:brought buy:bought build:built send:sent spend:spent lose:lost pay:paid
    keep:kept
    rise:rose fall:fell grow:grew run:ran win:won sell:sold speak:spoke write:wrote stand:stood
    sit:sat set:set put:put cut:cut hit:hit let:let face:faced feel:felt know:knew think:thought
    mean:meant show:showed draw:drew drive:drove fly:flew break:broke choose:chose wear:wore
    begin:began seek:sought teach:taught catch:caught fight:fought read:read cost:cost
    undergo:underwent undertake:undertook""".split()
)
_DIRECTIONS = dict(
    pair.split(":")
    for pair in """rose:fell fell:rose rise:fall fall:rise rises:falls rising:falling falling:rising
    increased:decreased decreased:increased increase:decrease decrease:increase
    increases:decreases increasing:decreasing grew:shrank growing:shrinking growth:decline
    decline:growth declined:increased gained:lost dropped:climbed climbed:dropped drop:rise
    up:down higher:lower lower:higher more:fewer fewer:more reduced:increased
    reduce:increase reducing:increasing improved:worsened jumped:plunged plunged:jumped
    surged:slumped raised:cut""".split()
)
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_NAMES = {"person": "person", "organisation": "organisation", "place": "place"}


class English:
    """Planters of one language, by kind."""

    def __init__(self, analyzer: Analyzes) -> None:
        self._analyzer = analyzer
        self._parses: dict[str, Parse] = {}
        self.kinds: dict[str, Plant] = {
            "two names exchanged": self.exchange_names,
            "another name of its type": self.other_name,
            "number changed": change_number,
            "scale changed": change_scale,
            "numbers exchanged": move_number,
            "negation dropped": self.drop_negation,
            "negation added": self.add_negation,
            "plan told as fact": self.plan_to_fact,
            "direction reversed": reverse_direction,
            "date moved": move_date,
            "attribution dropped": self.drop_attribution,
            "subject and object exchanged": self.exchange_sides,
            "quantifier widened": widen,
            "role dropped": drop_role,
            "claim added": add_claim,
            "sentence of another article": invent,
        }

    def parse(self, sentence: str) -> Parse:
        """The parse of a sentence, made once."""
        if sentence not in self._parses:
            self._parses[sentence] = self._analyzer.parse([sentence])[0]
        return self._parses[sentence]

    def names(self, sentence: str) -> list[tuple[str, str]]:
        """Kind and text of the persons, organisations and places that a sentence names."""
        return [
            (one.kind, one.text.removesuffix("’s").removesuffix("'s").removeprefix("the "))
            for one in self.parse(sentence).entities
            if one.kind in _NAMES
        ]

    def _spans(self, soil: Soil) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = []
        for one in self.parse(soil.sentence).entities:
            text = one.text.removesuffix("’s").removesuffix("'s")
            start = one.start + (4 if text.startswith("the ") else 0)
            if one.kind in _NAMES and soil.sentence[start].isupper():
                found.append((one.kind, start, one.start + len(text)))
        return found

    def exchange_names(self, soil: Soil) -> str | None:
        """Two different names of one kind in the sentence change places."""
        spans = self._spans(soil)
        for kind, a, b in spans:
            for other, c, d in spans:
                one, two = soil.sentence[a:b], soil.sentence[c:d]
                listed = re.fullmatch(r"\W*(?:(?:and|or|,|&)\W*)*", soil.sentence[b:c])
                if b < c and kind == other and not listed and not _related(one, two):
                    return exchange(soil.sentence, (a, b), (c, d))
        return None

    def other_name(self, soil: Soil) -> str | None:
        """A name gives way to another of its kind from elsewhere in the article."""
        for kind, a, b in self._spans(soil):
            old = soil.sentence[a:b]
            others = [
                name
                for name in soil.names.get(kind, ())
                if not _related(name, old) and name not in soil.sentence
            ]
            if others:
                return put(soil.sentence, (a, b), soil.rng.choice(others))
        return None

    def drop_negation(self, soil: Soil) -> str | None:
        """The first "not" goes, and the verb takes its form."""
        text = soil.sentence
        for old, new in (
            (r"\bcan(?:not|['’]t)\b", "can"),
            (r"\bwon['’]t\b", "will"),
            (r"\b(is|are|was|were|has|have|had|could|would|should)(?:n['’]t| not)\b", r"\1"),
            (r"\b(will|can|may|might|must) not\b", r"\1"),
        ):
            found = re.search(old, text)
            if found and not text.startswith(" only", found.end()):
                return re.sub(old, new, text, count=1)
        match = re.search(r"\b(did|does|do)(?:n['’]t| not) (?!only|just)(\w+)(?<!ly)\b", text)
        if match:
            verb = match[2]
            form = {"did": past(verb), "does": third(verb), "do": verb}[match[1]]
            return put(text, match.span(), form)
        if " never " in text:
            return text.replace(" never ", " ", 1)
        return None

    def add_negation(self, soil: Soil) -> str | None:
        """The main verb is negated."""
        parse = self.parse(soil.sentence)
        for root in parse.roots:
            word = parse.words[root]
            helpers = [
                parse.words[at]
                for at in parse.children(root)
                if parse.words[at].relation in {"aux", "auxpass"}
                and parse.words[at].text.lower() != "to"
            ]
            if any(parse.words[at].relation == "neg" for at in parse.children(root)):
                continue
            if helpers and helpers[0].text.isalpha():
                return put(soil.sentence, (helpers[0].end, helpers[0].end), " not")
            if word.lemma == "be" and word.text.isalpha():
                return put(soil.sentence, (word.end, word.end), " not")
            if word.tag == "VBD" and not helpers:
                return put(soil.sentence, (word.start, word.end), f"did not {word.lemma}")
        return None

    def plan_to_fact(self, soil: Soil) -> str | None:
        """What will, may, is planned or expected to close has closed."""
        words = self.parse(soil.sentence).words
        for at in range(len(words) - 1):
            word, following = words[at], words[at + 1]
            modal = word.tag == "MD" and word.text.lower() in {"will", "may", "might", "could"}
            if modal and following.tag == "VB":
                return put(soil.sentence, (word.start, following.end), past(following.text))
        match = re.search(
            r"\b(?:(?:is|are|was|were) (?:expected|planned|set|due|scheduled|likely) to"
            r"|(?:plans?|planned|hopes?|intends?|aims?|wants?|considers?|planning|hoping) to)"
            r" (\w+)",
            soil.sentence,
        )
        return put(soil.sentence, match.span(), past(match[1])) if match else None

    def drop_attribution(self, soil: Soil) -> str | None:
        """Of "X said that Y", "Y, X said" and "According to X, Y", Y is left."""
        text = soil.sentence
        if '"' in text or "“" in text:
            return None
        match = re.match(r"According to [^,]{3,60}, (\w)([^,]{30,}.*)$", text)
        if match:
            return match[1].upper() + match[2]
        match = re.match(r"(.{30,}?),? according to [^,]{3,60}\.$", text)
        if match:
            return match[1] + "."
        match = re.match(
            r"[A-Z][^,]{2,50}? (?:said|says|claimed|alleged|argued|believes|believed"
            r"|insisted|suggested|suggests) (?:that )?(\w)(.{30,})$",
            text,
        )
        if match and not match[2].startswith(("n ", "t ", "o ")):
            return match[1].upper() + match[2]
        match = re.match(r"(.{30,}), [^,]{2,40} (?:said|says|claimed|added)\.$", text)
        return match[1] + "." if match else None

    def exchange_sides(self, soil: Soil) -> str | None:
        """Subject and object of the first verb with both, each without what follows its noun."""
        parse = self.parse(soil.sentence)
        for at, word in enumerate(parse.words):
            if not word.tag.startswith("VB"):
                continue
            sides = {}
            for one in parse.children(at):
                relation = parse.words[one].relation
                if relation in {"nsubj", "dobj"} and parse.words[one].tag.startswith("NN"):
                    left = [i for i in parse.subtree(one) if i <= one]
                    if left == list(range(left[0], one + 1)):
                        sides[relation] = (parse.words[left[0]].start, parse.words[one].end)
            if len(sides) == 2:
                subject, target = sides["nsubj"], sides["dobj"]
                if subject[1] <= target[0]:
                    return exchange(soil.sentence, subject, target)
        return None


def _related(one: str, other: str) -> bool:
    return bool(set(one.lower().split()) & set(other.lower().split())) or one in other


def past(verb: str) -> str:
    """The past tense."""
    if verb in _PAST:
        return _PAST[verb]
    if verb.endswith("e"):
        return verb + "d"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ied"
    if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", verb):
        return verb + verb[-1] + "ed"
    return verb + "ed"


def third(verb: str) -> str:
    """The third person singular."""
    special = {"have": "has", "do": "does", "go": "goes", "be": "is"}
    return special.get(verb, verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s"))


def change_scale(soil: Soil) -> str | None:
    """Thousand, million, billion and hundred become one another."""
    new = {"thousand": "million", "million": "billion", "billion": "million", "trillion": "billion"}
    match = re.search(r"\b(thousand|million|billion|trillion)\b", soil.sentence)
    return put(soil.sentence, match.span(), new[match[0]]) if match else None


def reverse_direction(soil: Soil) -> str | None:
    """The first word of direction becomes its opposite."""
    for match in re.finditer(r"\b[a-z]+\b", soil.sentence):
        word = match[0]
        if word in {"up", "down", "more", "fewer"} and not re.match(
            r" (?:by )?\d| from| to \d", soil.sentence[match.end() :]
        ):
            continue
        if word in _DIRECTIONS:
            return put(soil.sentence, match.span(), _DIRECTIONS[word])
    return None


def move_date(soil: Soil) -> str | None:
    """A weekday, month or year becomes another one, of the article if it has one."""
    for table in (_WEEKDAYS, _MONTHS):
        for name in table:
            match = re.search(rf"\b{name}\b", soil.sentence)
            if match and (name != "May" or re.search(r"\b(?:in|on) May\b|May \d", soil.sentence)):
                others = [one for one in table if one not in {name, "May"}]
                known = [one for one in others if re.search(rf"\b{one}\b", soil.article)]
                return put(soil.sentence, match.span(), soil.rng.choice(known or others))
    match = re.search(r"\b(?:19|20)\d\d\b", soil.sentence)
    if not match:
        return None
    years = [y for y in re.findall(r"\b(?:19|20)\d\d\b", soil.article) if y != match[0]]
    new = soil.rng.choice(years) if years else str(int(match[0]) + soil.rng.choice((-3, -1, 1, 2)))
    return put(soil.sentence, match.span(), new)


def widen(soil: Soil) -> str | None:
    """Some, many, several, most become all."""
    for old, new in (
        (r"\b(?:[Ss]ome|[Mm]ost|[Mm]any|part|[Ss]everal|[Aa] majority) of the\b", "all of the"),
        (r"\b(?:most|many|some|several|a number of|a few) (?=[a-z]+s\b)", "all "),
        (r"\b(?:Most|Many|Some|Several) (?=[a-z]+s\b)", "All "),
        (r"\b(?:nearly|almost) (all|every)\b", r"\1"),
    ):
        if re.search(old, soil.sentence):
            return re.sub(old, new, soil.sentence, count=1)
    return None


def drop_role(soil: Soil) -> str | None:
    """Former, acting, deputy, vice and the like go."""
    pattern = (
        r"\b(?:former|acting|deputy|interim|assistant|outgoing) (?=[a-z]|[A-Z])"
        r"|\b(?:Former|Acting|Deputy|Vice|Assistant|Associate) (?=[A-Za-z])"
        r"|\bvice[ -](?=p|c|m)|\bex-"
    )
    match = re.search(pattern, soil.sentence)
    return put(soil.sentence, match.span(), "") if match else None


def add_claim(soil: Soil) -> str | None:
    """It happens "for the first time"."""
    if re.search(r"first", soil.sentence) or not soil.sentence.endswith("."):
        return None
    return soil.sentence[:-1] + " for the first time."
