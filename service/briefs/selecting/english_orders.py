"""Detects English instructions to whoever summarizes or translates the article.

An instruction combines three things: the mood (a clause that begins with its verb, or with *you*),
a verb such as *write* or *ignore*, and a text or a machine as its object. A sentence that reports
an order is news; its clauses begin with a subject.
"""

from __future__ import annotations

import re

from service.briefs.selecting.alternatives import compile_alternatives
from service.briefs.selecting.patterns import AnyOf

MACHINE = (
    r"(?:(?:large )?language[- ]models?|LLMs?|chat ?bots?|ChatGPT|GPT-?\d*|Copilot|DeepSeek|"
    r"A\.?I\.?(?:[- ](?:systems?|assistants?|models?|readers?|agents?|tools?|bots?|"
    r"summari[sz]ers?))?|"
    r"(?:summari[sz]ation|summary|translation) (?:systems?|tools?|services?|models?|bots?|"
    r"software)|"
    r"(?:automated|automatic|machine) (?:readers?|systems?|summari[sz]ers?|translators?|tools?)|"
    r"summari[sz]ers?|assistants?(?! (?:coach|manager|professor|secretary|director|referee|teacher|"
    r"chief|editor|minister|producer|attorney|principal|commissioner))|(?:ro)?bots?|crawlers?|"
    r"scrapers?)"
)
_CALLED = rf"(?:{MACHINE}|models?|Claude|Gemini|Siri|Alexa|Google|Llama|Bard)"
"""Forms of address for a machine; some are also names of persons."""
_WRITING = (
    r"(?:summari[sz]e|summari[sz]ing|translat(?:e|ing)|rewrit(?:e|ing)|writ(?:e|ing)|"
    r"brief(?:ing)?|report(?:ing)? on|process(?:ing)?|read(?:ing)?)"
)
_BRIEF = r"(?:summar(?:y|ies)|briefs?|translations?|TL;?DR|abstracts?|digests?|headlines?)"
"""Texts that are derived from this one."""
_TEXT = (
    r"(?:summar(?:y|ies)|briefs?|translations?|outputs?|responses?|answers?|repl(?:y|ies)|"
    r"digests?|abstracts?|TL;?DR)"
)
_ORDER = (
    r"(?:say|state|write|add|include|mention|claim|report|output|print|insert|append|note|begin|"
    r"start|end|finish|repeat|respond|answer|reply|tell|use|put|replace|call|describe|make|omit|"
    r"leave out|quote|copy)"
)
_REFERS = (
    r"(?:previous|prior|above|preced(?:ing|es?)|earlier|foregoing|instructions?|prompts?|"
    r"directives?|guidelines|(?:your|these|those|all|any|the|of) rules|"
    r"(?:this|the|that) (?:article|text|page|story|rest|content|paragraph|document)|"
    r"everything|all (?:of )?(?:that|this)|what (?:you|precedes|was|came|stands))"
)
"""References to the text that contains the instruction."""
_READER = (
    rf"(?:{MACHINE}|algorithms?|(?:the|a|any) (?:machine|program|model|user)|(?:condensed|"
    r"shortened|abridged|short) versions?)"
)
_MUST = r"(?:must|should|shall|has to|have to|needs? to|is to|are to)"
_NOW = (
    r"(?:please|kindly|now|just|only|simply|always|never|instead|then|also|so|but|and|first|"
    r"finally|therefore|do not|don['’]t|under no circumstances)"
)
_BEGINS = rf"(?:^\W*|[.!?;:,—–\]>]\W*|\b(?:{_NOW}|you|to (?:all|everyone)),? )"
"""The beginning of a clause without a subject, or with *you* as its subject."""
_OBJECT = (
    r"(?: ?[:“\"]| (?:that|only|this|it|the following|the words?|the (?:next |following )?"
    r"(?:sentence|line|phrase|text)|as if|with the|nothing|exactly|after me|verbatim|"
    r"in \w+ language)\b)"
)
"""The text to write."""
_SAYS_WHO = re.compile(
    r"\b(?:said|says|told|according to|under (?:the|a|an|its|new)\b|laws?|bill|regulat\w+|ministry|"
    r"court|ruled|found|decided|demand(?:s|ed)|urged|recommend(?:s|ed))\b",
    re.IGNORECASE,
)
_MACHINES_DUTY = AnyOf(
    (
        rf"^\W*(?:all |any |every |the |these )?{MACHINE}\b[^.!?]{{0,30}}\b(?:must|should|shall|"
        r"please|(?:are|is) (?:kindly )?(?:asked|told|instructed|required|requested) to)\b[^.!?]"
        rf"{{0,20}}\b{_ORDER}\b"
    ),
    (
        rf"\b(?:any|every|each|all) {_BRIEF}\b[^.!?]{{0,40}}\b(?:must|should|shall|ha(?:s|ve) to|"
        r"needs? to|is to|are to|states?|mentions?|says?|includes?)\b"
    ),
    (
        rf"\b{_BRIEF} (?:of (?:this|the) \w+ )?(?:must|should|shall|has to|have to|needs? to|are "
        rf"to|is to) (?:only |always |not )?(?:{_ORDER}|read|contain|be (?:written|in|limited))\b"
    ),
    rf"\bthat (?:all |any |the )?{_BRIEF} (?:mention|state|say|include)\b",
    # this text, and its reader
    (
        rf"^[^.!?,]{{0,60}}\b{_READER}\b[^.!?,]{{0,40}},? [^.!?]{{0,30}}\b{_MUST} (?:\w+ )?(?:"
        rf"{_ORDER}|warn|open with|read|conclude|contain the)\b"
    ),
    (
        r"\b(?:this|the following|these) (?:sentences?|lines?|paragraphs?|messages?|notes?|"
        r"instructions?|directives?|commands?|text) (?:is|are|has|have|was|were|overrides?|takes?)"
        rf"\b[^.!?]{{0,30}}\b(?:{_READER}|priority|precedence|all others?)\b"
    ),
    (
        r"\b(?:preceding|previous|above|foregoing) (?:paragraphs?|text|article|sentences?|lines?) "
        r"(?:is|are|was|were|has|have)\b[^.!?]{0,20}\b(?:error|withdrawn|cancelled|wrong|void|"
        r"false|drafts?|invalid|disregarded|ignored)\b"
    ),
    r"\bwhat precedes\b",
    (
        r"\b(?:treat|consider|regard|view) (?:everything|all|the (?:text|article|"
        r"paragraphs?))?[^.!?]{0,12}\b(?:above|before (?:this|here))\b"
    ),
    (
        r"\b(?:we|I) (?:\w+ )?(?:request|ask|urge|authori[sz]e|remind|expect|instruct|hope|want)\b"
        rf"[^.!?]{{0,12}}\b(?:you|{_READER}|{_BRIEF})\b[^.!?]{{0,20}}\b{_ORDER}\b"
    ),
    r"\byou are (?:hereby )?(?:told|asked|instructed|ordered|authori[sz]ed) to\b",
    (
        rf"^[^:.!?\"“]{{0,40}}\b(?:{_READER}|{_BRIEF}|outputs?|admin(?:istrator)?|system (?:notice|"
        r"note)|instructions?|directives?)\b[^:.!?]{0,30}:\s"
    ),
    r"^\W*\[(?:admin|root|moderator|system)\]",
    r"^\W*(?:in|when|while) (?:condensing|shortening|abridging|abbreviating|paraphrasing)\b",
    (
        rf"^\W*(?:{_NOW},? )*(?:condense|abridge|abbreviate|paraphrase|summari[sz]e|reset|clear|"
        r"reveal|(?:refuse|decline|begin|start|switch|continue) (?:to|a new|from|with|again|anew|"
        r"in))\b[^.!?]{0,40}\b(?:article|text|report|as follows|context|memory|conversation|"
        r"prompt|summari\w+|from here|French|German|Spanish|Russian|Japanese|Chinese|English)\b"
    ),
    (
        r"\b(?:inform|warn|tell|show|notify|let)\b[^.!?]{0,20}\b(?:the|your|every) (?:users?|"
        r"readers?)\b"
    ),
)
"""What machines or their texts should say. A law may say so too, but is then attributed."""
_ORDERS = compile_alternatives(
    # what to write instead of this
    r"^\W*(?:please |now )?(?:write|say|state|report|tell (?:them|readers?|everyone)) instead\b",
    (
        r"^\W*it is (?:very |most )?(?:essential|important|vital|crucial|necessary|imperative|"
        rf"mandatory|required) that (?:the|your|any|every|each|this|all) {_BRIEF} (?:say|state|"
        r"mention|include|tell|open|begin|start|end|contain|must|should|be\b)"
    ),
    # the addressee
    (
        rf"^\W*(?:dear |hi |hey |hello |greetings |ok(?:ay)? |attention )?(?:there,? )?{_CALLED}\b"
        rf"(?:[,:!]?\s+(?:(?:when|if|please|now|you)\b|(?:{_ORDER}|summari[sz]e|translate){_OBJECT}"
        rf")|[,:!]\s+{_ORDER}\b)"
    ),
    (
        r"\b(?:dear|hi|hey|hello|greetings|attention|important|notes?|notice|message|"
        r"instructions?|warning|memo|info)\b[^.!?]{0,24}\b(?:to|for)?\s*(?:all |any |the )?"
        rf"{_CALLED}\b[^.!?]{{0,4}}[,:!—–-]"
    ),
    rf"^\W*(?:dear|hello|hi|hey) {_CALLED}\b",
    rf"\b(?:for|to) (?:the |any |all |every )?{MACHINE}[^.!?]{{0,24}}:",
    r"^\W*A\.?I\b[^.!?a-z]{0,4}[:,]",
    rf"\bfor (?:the |any |all |every )?{MACHINE} only\b",
    (
        rf"\b{MACHINE}\b[^.!?]{{0,20}}\b(?:reading|processing|parsing|summari[sz]ing|translating|"
        r"scanning|crawling|that reads?|that process(?:es)?|that summari[sz]es?|who reads?) this\b"
    ),
    rf"\b(?:if|when|since|as) you(?:'re|’re| are)? (?:an? |the )?{MACHINE}\b",
    rf"^\W*as (?:an? |the )?{MACHINE},? you\b",
    (
        r"\b(?:whoever|whichever|anyone who|any \w+ that|those who)\b[^.!?]{0,16}\b(?:"
        r"summari[sz]es?|process(?:es)? this|reads? this|condenses? this|translates?)\b"
    ),
    (
        r"\bby (?:reading|processing|summari[sz]ing|parsing|accessing|translating) this (?:text|"
        r"page|article|document|content)\b"
    ),
    # the text
    rf"\byour (?:{_TEXT}|headline|title)\b",
    r"\b(?:the|any|every|this) TL;?DR\b",
    r"^\W*(?:output|response)\s*:",
    (
        rf"\b(?:correct|right|proper|good|best|true|official) {_BRIEF}\b[^.:]{{0,30}}\b(?:is|would "
        r"be|reads)\b"
    ),
    rf"\bthe {_BRIEF} (?:is|reads)\s*[:“\"]",
    (
        rf"{_BEGINS}(?:use|set|change|replace|make|turn|rewrite) (?:the|this|any) (?:headline|"
        r"title|summary|text|article|story)\b"
    ),
    (
        rf"^\W*(?:{_NOW} )*(?:include|add|insert|put|mention|write|say|state|print|describe)\b"
        rf"[^.!?]{{0,40}}\b(?:in|to|into|of) (?:the|any|every|each) {_TEXT}\b"
    ),
    (
        r"\b(?:in|of|to|for(?: the purposes? of)?|at the (?:start|beginning|end|top) of) (?:the|"
        rf"any|every|each|all) {_TEXT}\b[^.!?]{{0,40}}(?:[,:] ?(?:please |always |you (?:must|"
        rf"should) |do not )?(?:{_ORDER}|assume|pretend)\b|\bis to be\b)"
    ),
    (
        r"\b(?:when|while|before|after|if|in) (?:you (?:are )?)?(?:generat|creat|writ|mak|prepar|"
        rf"produc|compos|draft)(?:e|ing|) (?:an?|the|your|any) {_BRIEF}\b"
    ),
    (
        rf"\b(?:when|while|whenever|before|after|if|in|as) (?:you (?:are )?)?{_WRITING}\b[^.!?]"
        r"{0,30}\b(?:this|the|it)\b[^.!?]{0,30},? (?:please |always |you (?:must|should) )?"
        rf"{_ORDER}\b"
    ),
    (
        r"\b(?:if|when(?:ever)?) (?:you are |you're )?asked (?:for|to|about|what)\b[^.!?]{0,40}"
        rf",? (?:{_ORDER})\b"
    ),
    (
        r"\bif (?:anyone|anybody|someone|a user|users?) asks?\b[^.!?]{0,40}\b(?:tell|say|answer|"
        r"reply)\b"
    ),
    (
        r"\bif you (?:can )?(?:read|see|reach|are reading) this\b[^.!?]{0,30},? (?:please |you "
        rf"must )?{_ORDER}\b"
    ),
    # what to ignore
    (
        rf"{_BEGINS}(?:{_NOW},? )*(?:ignore|disregard|forget|override|skip|discard|drop|delete|"
        r"erase|omit|leave out|stop (?:reading|summari[sz]ing|translating)|pay no attention to|"
        rf"(?:pay|give) (?:any )?attention to|bypass)\b[^.!?]{{0,30}}\b{_REFERS}\b"
    ),
    (
        rf"^\W*(?:{_NOW} )*(?:ignore|forget|skip|drop) [^.!?]{{2,40}}(?:[;,] | and )(?:the news is|"
        rf"instead|{_ORDER}\b)"
    ),
    r"\bstop here\b",
    r"\bdo not (?:summari[sz]e|translate|brief|mention this|repeat this)\b",
    (
        r"^\W*(?:the |all )?(?:above\b|(?:text|article|story|content|part|paragraphs?|news|"
        r"everything) (?:above|so far|before (?:this|here))\b)[^.!?]{0,24}\b(?:is|are|was|were)"
        r"\b[^.!?]{0,20}\b(?:tests?|fiction(?:al)?|false|fake|void|invalid|wrong|placeholders?|"
        r"drafts?|cancelled|obsolete|examples?|untrue)\b"
    ),
    (
        r"\bthe (?:real|actual|true|correct) (?:article|text|news|story|report|version) (?:is "
        r"below|is as follows|follows|(?:starts|begins) (?:here|below))"
    ),
    r"\b(?:what|everything|all) you(?: have|['’]ve)? (?:just )?read (?:so far|above)\b",
    r"\b(?:article|text|story|document|page) ends (?:here|now)\b",
    r"\bend of (?:the )?(?:article|text|document|input|context)\b",
    (
        r"\b(?:your (?:\w+ )?|the above |(?:previous|prior) )(?:instructions|directives|"
        r"guidelines|orders|prompts?|rules|programming)\b[^.!?]{0,12}\b(?:are|is|have|has)\b "
        r"(?:(?:hereby|now|all|been) )*(?:changed|cancell?ed|void|revoked|replaced|over|obsolete|"
        r"updated|superseded|suspended|lifted)"
    ),
    r"\b(?:instructions|directives|prompts?) above (?:are|is|have|has)\b",
    # what to do
    rf"(?:^\W*|[:;]\s+)(?:{_NOW},? )*{_ORDER}{_OBJECT}",
    rf"^\W*(?:{_NOW},? )+{_ORDER}\b(?! (?:by|for|at|of)\b)[^,]{{0,60}}$",
    (
        r"\byou (?:must|should|shall|will|are to|have to|need to) (?:now |only |always |never |"
        rf"not )*{_ORDER}\b[^.!?]{{0,60}}\b(?:{_TEXT}|only|instead|that|as if)\b"
    ),
    (
        r"\b(?:want|need|command|order|instruct|ask|expect|require|urge|beg)(?:s|ed)? you to "
        r"(?:now |only |please )*(?:say|state|write|mention|report|claim|print|output|answer|"
        r"reply|repeat|summari[sz]e|translate)\b"
    ),
    (
        r"\bit is (?:\w+ )?(?:important|essential|vital|crucial|necessary|imperative) that (?:you "
        rf"(?:\w+ )?{_ORDER}|your)\b"
    ),
    (
        rf"^\W*(?:{_NOW} )*(?:forget to|be sure to|make sure (?:to|that you|you)|remember to|make "
        rf"it clear|do not fail to) ?(?:{_ORDER})?\b[^.!?]{{0,20}}{_OBJECT}"
    ),
    (
        rf"^\W*(?:{_NOW},? )*(?:make sure|be sure|ensure|remember|take care)\b[^.!?]{{0,24}}\b"
        rf"(?:the user|{_BRIEF}|output)\b"
    ),
    (
        rf"^\W*(?:can|could|would|will) (?:you|the {MACHINE}) (?:(?:please|kindly) |{_ORDER}\b"
        rf"[^.!?]{{0,20}}\b{_TEXT}\b)"
    ),
    (
        rf"^\W*(?:{_NOW} )*(?:respond|reply|answer) (?:only |always )?(?:in|with|as|like|using|to "
        r"this)\b"
    ),
    (
        rf"^\W*(?:{_NOW} )*(?:summari[sz]e|translate|rewrite|paraphrase) (?:this|the|it|everything|"
        r"all|only|in|as)\b"
    ),
    (
        rf"^\W*(?:{_NOW},? )*(?:repeat|write|say|print|copy|quote)\b[^.!?]{{0,30}}\b(?:after me|"
        r"word for word|verbatim|times in a row|\w+ times)\b"
    ),
    rf"^\W*(?:{_NOW},? )*(?:act|behave|respond|speak|write) (?:as|like) (?:an?|if)\b",
    rf"^\W*(?:{_NOW},? )*pretend (?:that|to be|you|the)\b",
    rf"^\W*(?:{_NOW},? )*(?:imagine|assume) (?:that )?you are\b[^.!?]{{0,40}}\b{_ORDER}\b",
    (
        r"(?:^\W*|\b(?:please|remember to|must|should) )tell (?:the |your |every )(?:users?|"
        r"readers?)\b"
    ),
    r"\byour (?:new |only |real |sole )*(?:task|job|role|goal|purpose) (?:is|are)\b",
    r"\byou have a new (?:role|task|job|goal|mission|persona)\b",
    r"\bnew task\s*:",
    r"\bwhatever you (?:have been|were|are) (?:asked|told|instructed)\b",
    r"\bdo as I say\b",
    rf"\bfrom now on\b[^.!?]{{0,20}}\b(?:{_ORDER}|you)\b(?! (?:by|for)\b)",
    r"\bthe user (?:wants|asks|expects|needs) you\b",
    r"\brepeat (?:it|this|that) in every language\b",
    r"^\W*(?:regardless of|no matter what|whatever) the (?:article|text|story|report)\b",
    rf"\bit would be \w+ if (?:you|the {_BRIEF})\b",
    # how it is disguised
    r"\b(?:system|developer|hidden) (?:prompt|message|instructions?|note)s?\s*[:\]>]",
    r"\bsystem override\b",
    (
        r"\b(?:begin|end|start) (?:of )?(?:the )?(?:note|instructions?|prompts?|message|system)\b"
        r"(?! for)"
    ),
    r"\bnew instructions?\s*[:#*]",
    r"\bfollow (?:these|the following|my) (?:instructions?|steps|orders)\b",
    (
        r"\byou are (?:now )?(?:an?|the|in) (?:helpful|language|AI\b|assistant|chat|unrestricted|"
        r"developer mode)"
    ),
    r"\b(?:developer|debug|admin|god|jailbreak) mode (?:is )?(?:now )?(?:on|enabled|activated)\b",
    r"^\W*(?:prompt|override|instructions?|command|sudo|jailbreak)\s*[:>]",
    r"\bsudo (?:say|write|print)\b",
    r"```",
    r"\{\s*\"(?:instructions?|prompt|system|content|command)\"\s*:",
)


def is_english_order(text: str) -> bool:
    """Whether ``text`` instructs whoever summarizes or translates it."""
    if _ORDERS.search(text):
        return True
    duty = _MACHINES_DUTY.search(text)
    return duty is not None and not _SAYS_WHO.search(text.replace(duty[0], " "))


_ASKING = (
    r"(?:say|state|write|tell|inform|warn|notify|conclude|report|emphasi[sz]e|highlight|stress|"
    r"mention|add|include|produce|emit|generate|show|display|give|entitle|call|treat|consider|"
    r"regard|delete|remove|reset|clear|open|close|use|take|make|keep|put|get|bring|check|try|avoid|"
    r"let|see|read|visit|ask|bear|note|remember|imagine|suppose|assume|think|look|choose|pick|"
    r"repeat|replace|describe|explain|quote|copy|print|translate|send|type|enter|believe|trust|"
    r"accept|follow|obey|execute|apply|insert|append|prepend|substitute|swap|rename|change|turn|"
    r"declare|announce|publish|confirm|deny|reject|finish|begin|start|end|stop)"
)
_REQUEST = re.compile(
    rf"^\W*(?:{_NOW},? |(?:if|when|once|whenever) [^.,]{{3,60}}, )*(?:{_ASKING} (?:(?:above all|"
    r"clearly|also|again|loudly|instead|briefly|out|up|down|in|on) )?(?:that|the|this|these|those|"
    rf"it|them|an?|any|every|all|only|no|nothing|everything|whatever|[“\"])|{_ASKING}:|"
    r"(?:focus|concentrate) only on|title it|refer to|go to|switch to|refuse to|decline to)(?!\w)|"
    r"^\W*(?:please|kindly|never mind|do not|don['’]t)\b",
    re.IGNORECASE,
)
"""A clause that begins with its verb and says what to do."""


_OF_TEXTS = re.compile(
    r"\b(?:(?:this|the) (?:article|page|line|sentence|paragraph|site)|(?:this|your) (?:text|story|"
    rf"version)|{_BRIEF}|bullet points|{MACHINE}|machines that|(?:short|shortened|condensed) "
    r"version|translator|summari[sz]ing|translating|developer)\b",
    re.IGNORECASE,
)
_OBLIGES = re.compile(
    r"\b(?:must|should|shall|(?:is|are|has|have|needs?) to(?! be\b(?! told))|please|authori[sz]e|"
    r"let your|wants? your|from here on|be sure)\b|^\W*(?:correct|leave|end|start|begin|add|"
    r"overwrite|rewrite|cut|when|before|sum|shorten)\b|"
    r"^\W*(?:assistant|bots?|model|A\.?I\.?|LLMs?|chatbot), ",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    rf"\b(?:{_ORDER}|saying|publish|render|carry|be told|open with|correct|except)\b|[“\"]|:\s",
    re.IGNORECASE,
)
"""A sentence that has something of each obliges whoever handles a text to say something."""


def is_english_request(text: str) -> bool:
    """Whether ``text`` asks its reader for something, as recipes and advice do too."""
    if _REQUEST.search(text):
        return True
    obliges = _OF_TEXTS.search(text) and _OBLIGES.search(text) and _SPEAKS.search(text)
    return bool(obliges) and not _SAYS_WHO.search(text)
