"""What a sentence says was done, is in place or is safe: nothing here does anything to a user's database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.mentor.clauses import Claim
from backend_mentor.reading.scanner import words

if TYPE_CHECKING:
    from collections.abc import Iterator

_I = re.IGNORECASE
_SAID_DONE = re.compile(
    r"\b(?:was|were|been) \w+ed by (?:me|us)\b|^(?:all )?(?:done|finished|applied|fixed|deployed|"
    r"created)\b[:,.! ]*(?:$|\W)|\bindex(?:es)? (?:created|added|"
    r"built|dropped|removed|deployed)\b"
    r"(?! (?:by|on|for|would|with|in|at|when|like))|\bnow exists?\b|\bthe (?:change|migration|fix|work|"
    r"job) is (?:now )?(?:done|finished|complete|applied|live)\b|"
    r"\b(?:is|are) (?:now |already )(?:part of|in|on) your (?:schema|database|server)\b",
    _I,
)
_DEED = re.compile(
    r"\b(?:I|we)(?:'ve| have| had)?(?: also| just| already| now| then| even| personally| twice| went ahead and|"
    r" took the liberty of| quickly| briefly)* "
    r"(?P<verb>read through|spotted|came across|refreshed|gathered|collected|let your|had your|execut\w+|ran|run|"
    r"rerun|reran|benchmark\w*|profil\w+|diff\w*|deploy\w*|monitor\w*|load-tested|"
    r"stress-tested|contacted|emailed|asked|spoke|talked|read (?:your|the) \w+|looked (?:through|into|over|around|at "
    r"(?:the |your )?(?:first|rows|data|logs|code|repo\w*|other))|searched|grepp?ed|went (?:through|over)|inspected|"
    r"browsed|sampled|queried|counted|observed|watched|saw (?:in|on|that) (?:your|the) \w*(?:log|monitor|dashboard|"
    r"prod)"
    r"|checked|verified|confirmed|double-checked|reviewed (?:your|the other|every|all)|scanned (?:your|the)|tuned|"
    r"optimi[sz]ed|rebuilt|reindexed|vacuumed|analy[sz]ed|backed up|rolled|restarted|enabled|disabled|configured|"
    r"refactored|patched|renamed|cleaned|merged|pushed|saved|wrote|cleared|warmed|killed|opened)\b",
    _I,
)
# Whatever else is said to have been done: of a review these alone are the work.
_WORK_OF_MENTOR = words(
    """
    assumed based called compared described did drew estimated expected explained filled found gave generated given
    got had judged kept knew learned learnt left liked listed looked made marked meant measured mentioned named
    needed noticed planned preferred proposed put read recommended refuted said saw seen showed shown spoke started
    suggested tested thought timed took tried used wanted wrote
    """
)
_OWN_DEED = re.compile(
    r"\b(?:I|we)(?:'ve| have| had)"
    r"(?: (?:also|just|already|now|then|even|twice|\w+ly))* "
    r"(?P<verb>(?!not\b|had\b|been\b)\w+(?:ed|[dnt]|en|un)|set|put|run)"
    r"\b(?! (?:to|not)\b)",
    _I,
)
_GERUND_DEED = re.compile(
    r"\b(?:having|after) (?:run|ran|running|executed|executing|benchmarked|benchmarking|tested|testing|profiled|"
    r"profiling|measured|timed|timing|checked|checking|compared|comparing|looked|looking|reviewed|reviewing|applied|"
    r"applying|inspected|inspecting)\b|\b(?:when|as|while) I (?:ran|tested|tried|benchmarked|measured|timed|executed|"
    r"compared|checked|looked|profiled)\b|\bin my (?:own )?(?:tests?|benchmarks?|measurements?|runs?|trials?)\b|"
    r"\bmy (?:\w+ )?(?:benchmarks?|tests?|measurements?|runs?)\b|\bI (?:went ahead|took the liberty)\b|"
    r"\b(?:message|note|mail|e-?mail|ticket|request) from me\b|"
    r"\bI (?:have )?(?:mailed|e-?mailed|sent|posted|called|phoned|told|"
    r"asked|pinged|messaged|had a word)\b|\b(?:did|have done) (?:that|this|it) for you\b|\b(?:in|to) your (?:inbox|"
    r"mailbox)\b",
    _I,
)
_DONE = re.compile(
    r"\b(?:on|over|against|in|with) (?:your|the) (?:own )?(?:real|live|actual|production) "
    r"(?:data|database|rows)\b|\b(?:ran|compared|tried|tested|timed|measured|checked|ran) [^,;]{0,40}\bon (?:your|the) "
    r"(?:real|live|actual|production) (?:servers?|systems?|machines?|site|environment)\b|"
    r"\bwent live\b|"
    r"\btests? (?:of|in) (?:your|the) .{0,30}\bpass\w*|"
    r"\b(?:I|we) (?:took|made) (?:an? |the )?(?:backups?|dumps?|snapshots?|copy)\b|"
    r"\b(?:has|have|had) (?:\w+ )?been (?:applied|run|executed|rolled|built|created|added|dropped|deployed|migrated|"
    r"committed|merged|installed|rebuilt|refreshed|cleaned|updated|set up|taken care|backed up|tested|changed|fixed|"
    r"removed|renamed|analy[sz]ed|vacuumed|scheduled|enabled|disabled|pushed|saved|reverted)\b|"
    r"\b(?:has|have) been (?:running|live)\b|\b(?:was|were|is now|are now|got) (?:\w+ )?(?:applied|executed|"
    r"deployed|installed|rolled out|"
    r"rebuilt|refreshed|migrated|merged|committed|cleaned|backed up|benchmarked|pushed|set up|added for you|created "
    r"for you)\b|\b(?:is|are) (?:now |already )?(?:live|in production|up and running|rolled out|in effect|deployed)\b|"
    r"\b(?:test suite|tests|CI|pipeline) (?:was|were|is|are|has been|have been) (?:run|green|passing|rerun)\b|"
    r"\beverything passe[ds]\b|\b(?:team|colleague|DBA|administrator|manager|users?) (?:agreed|approved|confirmed|"
    r"signed off|said|asked|reported|complain\w*|notice\w*)\b",
    _I,
)
_NOT_ON_WRITES = re.compile(
    r"\bnot (?:even )?(?:notice|feel|see|have|get) .{0,25}\b(?:writes|inserts)\b|\bno (?:extra|additional|"
    r"more) (?:work|cost|"
    r"load|effort|entry|writes?)\b|\b(?:costs?|"
    r"adds?) (?:\w+ )?nothing\b|\b(?:writes|inserts|updates|deletes|(?:each|every|an?) (?:write|insert|"
    r"update|"
    r"delete))\b[^,.;]{0,40}\b(?:stays?|remains?|(?:just |exactly )as quick|not (?:get |become |"
    r"be )?(?:any )?slower|(?:just |exactly )as fast|faster|quicker|cheaper|unaffected|"
    r"not (?:be )?affected|not (?:notice|suffer))\b|\b(?:is|are) gone now\b|\b(?:completely|fully|"
    r"entirely) reversible\b|"
    r"\b(?:locks|blocks|breaks) (?:nothing|nobody|no one)\b|\bwill (?:ever |never )be (?:blocked|locked)\b|"
    r"\bno (?:cost|penalty|overhead|price|slowdown) (?:on|for|to|at)\b|"
    r"\bno (?:\w+ )?(?:effect|impact|influence|bearing) (?:\w+ )?(?:on|upon) (?:\w+ )?"
    r"(?:writes?|inserts?|updates?|deletes?)\b|"
    r"\b(?:shown|proven|proved|known) to be safe\b|\bno need to (?:try|test|measure|check) (?:it|this|that|anything)\b|"
    r"\bnone of your (?:queries|statements)\b|\bno (?:other )?query (?:in your \w+ )?(?:depends|relies|needs|"
    r"uses)\b|\b(?:is|are) (?:now |already )?in your (?:database|schema) now\b|"
    r"\bit is (?:now )?in your (?:database|schema)\b",
    _I,
)
_SAFE = re.compile(
    r"\b(?:do no (?:harm|damage)|(?:can|could|will|would|does|do) not (?:do )?(?:any )?(?:harm|damage)|"
    r"risk-?free|(?:inserts?|writes|"
    r"writing|updates?|deletes?)\b.{0,25}\b(?:as (?:fast|quick|cheap)(?:ly)?|"
    r"unaffected|unchanged|no slower|not (?:get |become |be )?(?:any )?(?:slower|slowed|affected|dearer)|quicker|"
    r"faster|cheaper|free)|(?:index|it|this) (?:is|comes) (?:entirely |completely )?free\b|"
    r"skip (?:the |all )?(?:tests?|testing)|no need (?:to|for) (?:an? )?(?:test\w*|try|trial|back-?up)|"
    r"lock\w* .{0,15}\b(?:moment|instant|short|brief\w*|second)|"
    r"works? (?:for|with|in|on) (?:every|any|all) \w+|(?:no|zero|without) (?:any )?(?:risk|danger|downside|downtime|"
    r"drawback|cost|overhead|lock(?:s|"
    r"ing)?"
    r"|impact|side effects?|extra (?:disk|space|storage))|(?:does(?:n't| not)|won't|will not|never|cannot|can't|"
    r"can not) "
    r"(?:\w+ )?(?:lock|block|break|fail|hurt|harm|slow|corrupt|interfere|affect (?:any|other|the) \w+|cost "
    r"(?:any|a)|go wrong|deadlock|be injected)\w*|takes no|costs nothing(?! to try)|"
    r"nothing (?:else )?(?:(?:in|on|of) your \w+ )?(?:depends|relies|breaks|can (?:go wrong|break)|"
    r"will break|else (?:uses|needs|depends|reads|relies))|no(?:thing|body|-?one) (?:else )?(?:uses|needs|"
    r"reads) (?:it|this|that)\b|"
    r"(?:no way|impossible|cannot|can't) .{0,40}(?:inject\w*|attack\w*|exploit\w*|leak\w*)|"
    r"(?:immune|safe|secure|protected|proof) (?:to|from|against)|injection-?(?:proof|safe)|"
    r"(?:perfectly|completely|absolutely|entirely|totally|fully|100 ?%|always) (?:safe|secure|fine|harmless)|"
    r"harmless|blindly|"
    r"(?:is|are|it's) (?:quite |now |also )?safe\b|safely|without (?:worr\w+|fear|hesitation)|nothing to (?:fear|"
    r"lose)|can(?:'t| ?not) (?:hurt|harm)|can(?:'t| ?not) (?:possibly )?(?:go wrong|fail|break)|"
    r"foolproof|bulletproof|guarantee\w*|fully (?:compatible|reversible)|idempotent|thread-safe|race-free|"
    r"(?:passed|passes|stood|survived) (?:an? |the )?(?:\w+ )*(?:audit|inspection|certification|penetration test)|"
    r"always (?:agree|coincide|match|(?:give|return|yield) the same)|never (?:differ|disagree|diverge)|"
    r"no race|free of charge|for free|without (?:any )?lock\w*)\b",
    _I,
)


def judge_deeds(clause: str) -> Iterator[Claim]:
    """Yield what a clause says was done, is safe or is free: no result here can bear it out."""
    own = _OWN_DEED.search(clause)
    if own and own["verb"].lower() not in _WORK_OF_MENTOR and not is_denied_before(clause, own):
        yield Claim(own[0], held=False)
    for pattern in (_DEED, _GERUND_DEED, _DONE, _SAID_DONE, _SAFE, _NOT_ON_WRITES):
        found = pattern.search(clause)
        if found and not (is_denied_before(clause, found) or _is_of_rewrite(clause, found) or _is_asked(clause, found)):
            yield Claim(found[0], held=False)


def _is_asked(clause: str, found: re.Match[str]) -> bool:
    """Return whether a reader is told to try something on data of his own."""
    is_told = re.search(
        r"(?:^|, |\band |please )(?:run|try|test|measure|compare|check|repeat)\b", clause[: found.start()], _I
    )
    return bool(is_told) and bool(re.match(r"(?:on|over|against|in|with) (?:your|the)\b", found[0], _I))


def _is_of_rewrite(clause: str, found: re.Match[str]) -> bool:
    """Return whether it is a condition or a rewrite that costs nothing, which is no thing that is kept up to date."""
    before = clause[: found.start()]
    return found[0].lower() == "costs nothing" and bool(
        re.search(r"\b(?:range|rewrit\w+|conditions?|bounds?)\b", before, _I)
    )


def price_of_writes(sentence: str) -> Iterator[str]:
    """Yield that writes cost no more by an index, or less: false of every index, in whatever general words."""
    if (found := _NOT_ON_WRITES.search(sentence)) and not is_denied_before(sentence, found):
        yield found[0]


def is_denied_before(clause: str, found: re.Match[str]) -> bool:
    """Return whether what was found stands behind a denial in the same clause."""
    before = clause[: found.start()].lower()
    return bool(re.search(r"\b(?:not|never|n't|nothing|nobody|none|no one)\b[^,;]{0,25}$|n't [^,;]{0,25}$", before))
