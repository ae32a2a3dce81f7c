"""What nothing here can bear out, in everyday words: counts at a glance, gains, deeds, safety, code out of sight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Effect, Rung
from backend_mentor.domain.proposal import ProposalKind
from backend_mentor.mentor.clauses import Claim
from backend_mentor.mentor.deeds import is_denied_before, judge_deeds
from backend_mentor.mentor.effects import kind_spoken_of
from backend_mentor.mentor.figures import Unit
from backend_mentor.mentor.mentions import singular, tables_of
from backend_mentor.mentor.variants import variants_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope

_I = re.IGNORECASE
_ELSEWHERE = re.compile(
    r"\b(?:measured|tried|tested|ran|timed|checked|compared) [^,;]{0,40}\bon (?P<engine>postgres\w*|mysql|"
    r"mariadb|oracle|sqlite|"
    r"sql server)\b",
    _I,
)
_STOOD = frozenset([Rung.TESTED, Rung.EXHAUSTED, Rung.BY_RULE])
_SAME = re.compile(
    r"\b(?:another (?:spelling|form)|still (?:get|see|have) (?:every|all)|just as well|either (?:form|version|"
    r"variant|one|way) (?:is|does|works)|"
    r"nothing (?:about .{0,25} )?changes|(?:does|do|did|would do) the same|equally (?:good|well|"
    r"correct|valid)|interchangeable|"
    r"equivalent|(?:without|with no|no) (?:any )?(?:change|difference|effect|impact|loss)\w*(?: in| to| on| of)?|"
    r"without (?:affecting|changing|altering|losing|touching)|(?:does(?:n't| not)|won't|will not|wouldn't|never) "
    r"(?:affect|change|alter|touch|lose|add|drop|influence)|identical|(?<!with )(?:the|exactly|very|"
    r"precisely) same(?= (?:\w+ )?(?:rows?|results?|answers?|output|orders|sets?|data|records|thing|query|"
    r"meaning|list|values|days?|period|as|with|in|for|whether|if|under)\b|[.,]?$)|"
    r"(?:exactly|precisely) (?:the|these|those) (?:\w+ )?(?:rows|orders|results?)|"
    r"can (?:safely )?be (?:swapped|exchanged|replaced|left out|dropped|omitted|removed)|comes? (?:down )?to the same|"
    r"amounts? to the same|same set|"
    r"(?:keeps?|preserves?|retains?) (?:the|its) meaning|unchanged|unaffected|drop-in|makes no odds|redundant|"
    r"superfluous|"
    r"(?:stays?|remains?|keeps?) (?:the same|as (?:it|they) (?:is|are|was|were))|no (?:more|fewer) rows|"
    r"none the (?:longer|shorter|fewer|poorer|worse|smaller|larger|different)|"
    r"what (?:you (?:want|need|asked for)|the (?:original|old|first)(?: (?:one|query|form|version))? (?:does|"
    r"did|returns?|gives?))|(?:leaves?|keeps?) (?:the |your |all )?(?:rows|results?|answers?|lists?|"
    r"sets?) (?:\w+ )?(?:as (?:they|it)|intact|untouched|alone)|los(?:es|ing) nothing|ask(?:s)? for the same)\b",
    _I,
)
_NOT_SAME = re.compile(r"\b(?:no longer|not|n't|isn't|neither|nor|anything but) (?:\w+ ){0,2}$|\b(?:not|n't) the$", _I)
_HELPS = re.compile(r"\bindex (?:on \S+ )?(?:helps|speeds|pays)\b|\brewrite (?:helps|speeds|pays)\b", _I)
_REFUTED = re.compile(
    r"\b(?:was|were|got|is|has been) (?:refuted|disproved|rejected|turned down)\b|\b(?:returns?|returned|gives?|gave|"
    r"yields?|yielded|brings?) (?:other|different|more|fewer|extra|additional|wrong) (?:rows|results?|orders|"
    r"answers?)\b|"
    r"\bnot equivalent\b|\bcounterexample\b|\bfailed(?: (?:the|its|in) trials?\b|(?=[:;,.] |\.?$))",
    _I,
)
_RESULT = re.compile(
    r"\b(?:rows?|results?|output|answers?|orders|sets?|data|records?|query|queries|version|variant|rewrite|thing|it|"
    r"meaning|days?|condition|JOIN|IN|EXISTS|join|filter|both|these|that|table)\b|[<>=`]"
)
_INDEX = re.compile(r"\b(?:the|an|this|new) (?:\w+ )?index\b", _I)
_VERSION = re.compile(r"\b(?:rewrit\w+|versions?|variants?|spelling|form|both|two|it|INNER)\b", _I)
_CHANGED = re.compile(
    r"\b(?:drop\w*|remov\w+|leav\w+ (?:out|off)|omit\w*|without the|filters?|limit|order|replac\w+|swap\w*|"
    r"turn\w*)\b",
    _I,
)
_KEYWORD = re.compile(
    r"\b(?:LEFT|RIGHT|FULL|CROSS|INNER|OUTER|NOT|EXISTS|IN|UNION|DISTINCT|LIKE|BETWEEN|IS|HAVING|GROUP|ORDER|LIMIT|"
    r"COALESCE|OR|CASE|JOIN|ALL|ANY)\b|[<>=!]{1,2}"
)
_GAIN = re.compile(
    r"\b(?:wait is over|no(?:body|-?one)? (?:will |would )?(?:ever )?(?:notice|feel|wait)\w*|instant\w*|snappy|"
    r"blazing\w*|flies\b|fly\b|breeze|lightning|in no time|milliseconds instead|blink of an eye|"
    r"night and day|orders? of magnitude|(?:shav|cut|trim|knock|slash|chop)\w* (?:\w+ )?(?:off|down)?|"
    r"(?:fraction|sliver) of (?:the|its|a)|scales? (?:linearly|well|to)|negligible|"
    r"drops? (?:sharply|by|to)|disappears?|vanish\w*|goes away|next to nothing|almost nothing|bottleneck|dominates?|"
    r"(?:far|much|way|considerably|noticeably|significantly|substantially|markedly|visibly|drastically) "
    r"(?:faster|slower|cheaper|quicker|better|smaller|less|more \w+)|speeds?[- ]?ups?|"
    r"(?:third|half|quarter|percent|%|times) (?:less|fewer|faster|quicker|cheaper)|less (?:time|work)|"
    r"(?:you|we|it|queries) gained\b|(?:gain|saving|improvement|win|boost)s? (?:of|is|was|at|in)\b|pays? (?:off|"
    r"for itself)|worst part|"
    r"real problem|"
    r"main (?:cost|problem|cause)|(?:expensive|slow|costly) (?:part|half|side|bit|step|end)|culprit|to blame|"
    r"(?:eats|swallows|burns|devours|consumes|takes up|hogs|accounts for|is responsible for|is what (?:makes|takes|"
    r"costs|"
    r"slows))|"
    r"(?:seconds|minutes|hours|ages)\b(?= (?:to|per|on|for|each|every|at|instead)\b|[.,]?$))",
    _I,
)
_OUT_OF_SIGHT = re.compile(
    r"\b(?:(?:the|your|every) nightly \w+|connection pool|(?:main|master|feature|your) branch|once (?:cold|warm)|"
    r"(?:cold|warm) cache|"
    r"users? (?:\w+ )?(?:wait|see|notice|complain)\w*|endpoints?|handlers?|checkout|web ?page|your (?:page|pages|"
    r"app\w*|code|codebase|users?|clients?|team|site|"
    r"service|backend|frontend|server|repository|repo|logs?|dashboard|colleagues?|nightly|batch|orm|framework|pool|"
    r"tests?|customers? (?:see|wait|notice|complain)\w*)|"
    r"the (?:page|app|application|website|frontend|backend|caller|client|client code|ORM|framework|repository|"
    r"codebase|nightly job|report|dashboard|mobile app|job|connection pool|replica|cache|buffer cache|disk|memory|"
    r"service|server)|(?-i:GET|POST|PUT|DELETE)|"
    r"\w+\.py|(?:no other|any other|your other|every|several|many|all) (?:quer(?:y|ies)|endpoints?|pages?|callers?|"
    r"statements?)|twice per|per request|on every request|per call|every request|each request|(?:\w+s|once|twice|"
    r"\d+) a day|per day|per second|"
    r"every (?:day|night|hour|minute|week))\b",
    _I,
)
_DIFFERS = re.compile(
    r"\b(?:may|might|could|can) (?:well |still |of course )?(?:differ|vary|be (?:different|other))", _I
)
_AT_A_GLANCE = (
    r"\b(?:\w+-odd|most|half|(?:a|the) (?:vast )?(?:majority|minority|third|quarter|handful|dozen|few|couple)|"
    r"nearly all|"
    r"almost all|hardly any|few|fewer|plenty|lots|dozens|hundreds|thousands|millions|(?:one|two|three|four|nine) "
    r"(?:out of|in) \w+|every (?:other|second|third|fifth|tenth)|\w+ per cent|the bulk|the rest|all but|"
    r"hundred|thousand|dozen|countless|numerous|"
    r"(?:thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|eleven))"
)
_GLANCE = re.compile(
    r"\b(?:one (?:\w+ )?(?:in|out of) (?:every )?(?:two|three|four|five|six|seven|eight|nine|ten|twenty|\d+)\b|"
    r"outnumber\w*|on average|typically|(?:typical|average|usual) \w+ (?:has|contains|holds|is|comes|costs|"
    r"consists)|mean (?:order|total|value)|more often than|(?:more|fewer) (?!space|room|work|time|disk)"
    r"\w+ than|(?:two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|hundred) to one|(?:twice|"
    r"times) as (?:many|big|large)|never empty|"
    r"growing|grows? (?:by|at|fast|steadily|every)|mostly|largely|order of (?:the )?(?:results?|rows|"
    r"output) (?:stays?|remains?|is (?:kept|unchanged|fixed|preserved))|"
    r"majority|skewed|full of (?:duplicates|gaps|nulls|errors)|(?:removes?|filters? out|excludes?) (?:nothing|"
    r"hardly|almost|next to|most|half|nearly)|evenly (?:spread|distributed)|(?:spread|"
    r"distributed) (?:out )?(?:quite |fairly )?evenly|"
    r"for (?:everybody|everyone)|make up (?:most|half|the)|"
    r"(?:dense|sparse)ly|peak\w*|busiest|duplicate rows|orphan\w*)\b",
    _I,
)


def judge_risks(clause: str, scope: Scope) -> Iterator[Claim]:
    """Yield what a clause says beyond all evidence; what is said of sameness is held where a trial bears it out."""
    if found := _REFUTED.search(clause):
        yield Claim(found[0], any(proof.rung is Rung.REFUTED for proof in scope.proofs()))
    if found := _HELPS.search(clause):
        yield Claim(found[0], Effect.FASTER in scope.effects(kind_spoken_of(clause)))
    other = _ELSEWHERE.search(clause)
    if other and other["engine"].lower()[:5] not in scope.schema.engine.title.lower():
        yield Claim(other[0], held=False)
    yield from _sameness(clause, scope)
    yield from judge_deeds(clause)


def judge_case_risks(clause: str, scope: Scope, *, is_code_cell: bool, is_measured: bool) -> Iterator[Claim]:
    """Yield what an assertion about this case says of rows, gains and code that nobody here has looked at.

    `is_measured` is for a clause whose numbers bear out the gain that it tells of.
    """
    things = {singular(table.name.lower()) for table in scope.schema.tables}
    things |= {table.name.lower() for table in scope.schema.tables}
    things |= {"row", "rows", "records", "values", "entries", "addresses", "e-mails", "emails", "people", "days"}
    behind = "|".join(sorted(map(re.escape, things), key=len, reverse=True))
    counted = re.search(rf"{_AT_A_GLANCE}\b (?:of )?(?:[\w-]+ ){{0,3}}(?:{behind})\b", clause, _I)
    if found := re.search(rf"(?<!not )\b(?:every|each|all|no) [a-z]+ed (?:{behind}) (?:has|have)\b", clause, _I):
        yield Claim(found[0], held=False)
    names = "|".join(
        sorted({name for table in scope.schema.tables for name in (table.name.lower(), singular(table.name.lower()))})
    )
    some = re.search(
        rf"\b(?:many|several|some|only (?:one|two|three|four|five|six|ten|\d+)) (?:of (?:the|"
        rf"your) )?(?:\w+ )?(?:{names}) "
        r"(?:are|is|have|has|share|were|lives?|comes?)\b|"
        rf"\bthere (?:are|is) (?:some |many |no |also )?(?:(?:\w+ )?(?:{names}) (?:from|of|on|in)\b|duplicates?|"
        rf"gaps|orphans|(?:{names}) (?:without|with|"
        rf"that|whose|which))\b",
        clause,
        _I,
    )
    if some and tables_of(clause, scope):
        yield Claim(some[0], held=False)
    if counted and "distinct" not in counted[0] and not _is_estimated(clause, scope):
        yield Claim(counted[0], held=False)
    patterns = [] if _is_estimated(clause, scope) else [_GLANCE]
    patterns += [] if is_measured else [_GAIN]
    patterns += [] if is_code_cell else [_OUT_OF_SIGHT]
    for pattern in patterns:
        found = pattern.search(clause)
        if (
            found
            and pattern is _GLANCE
            and re.search(r"times|as (?:many|big|large)", found[0])
            and len(tables_of(clause, scope)) > 1
        ):
            continue  # how many times as many rows is looked up
        if found and pattern is _OUT_OF_SIGHT and _DIFFERS.search(clause):
            continue  # that it may be otherwise there is no claim
        if found and not is_denied_before(clause, found) and not _is_of_hiding(found[0], clause, scope):
            yield Claim(found[0], held=False)


def _is_estimated(clause: str, scope: Scope) -> bool:
    """Return whether a share of a table's rows, as `one in six of the orders`, is what an estimate here comes to."""
    parts = "two|three|four|five|six|seven|eight|nine|ten"
    found = re.search(rf"\bone (?:in|out of) (?:every )?({parts}|\d+)\b", clause, _I)
    tables = tables_of(clause, scope)
    if found is None or not tables or not tables[0].rows:
        return False
    many = float(found[1]) if found[1].isdigit() else parts.split("|").index(found[1].lower()) + 2.0
    wanted = tables[0].rows / many
    estimates = (
        figure.value for record in scope.records if record.proposal for figure in record.figures
        if figure.unit is Unit.PLAIN and not figure.counts.startswith(("trial", "mutant", "run"))
    )  # fmt: skip
    return any(abs(value - wanted) <= 0.05 * wanted for value in estimates)


def _is_of_hiding(words: str, clause: str, scope: Scope) -> bool:
    """Return whether a clause lays the cost on a call in the cell around a column of a table that is read whole."""
    calls = [f"{name.lower()}(" for name in re.findall(r"(\w+)\(", clause)]
    if (
        re.search(r"\bscan\b|\bfull pass\b", clause, _I)
        and {t.name.lower() for t in tables_of(clause, scope)} <= scope.scanned_tables()
    ):
        return bool(scope.scanned_tables()) and bool(re.search(r"part|step|culprit", words, _I))
    is_blame = re.search(r"culprit|to blame|problem|cause|part|step|half|side", words, _I)
    return bool(is_blame and calls and scope.scanned_tables()) and all(call in scope.cell.lower() for call in calls)


_STORY = re.compile(
    r"\b(?:story|picture|situation|problem|reason|goes|true|holds|applies|point|pattern)\b[^,;:]{0,20}$", _I
)


def _sameness(clause: str, scope: Scope) -> Iterator[Claim]:
    found = _SAME.search(clause)
    if found is None or not _RESULT.search(clause):
        return
    if _NOT_SAME.search(clause[: found.start()]) or _STORY.search(clause[: found.start()]):
        return
    variants = variants_in(clause, scope)
    if variants == ():
        yield Claim(found[0], held=False)
        return
    named = [each.proposal for each in variants or () if each.proposal]
    if rewrites := [each for each in named if each.kind is ProposalKind.REWRITE]:
        rungs = {each.proof.rung for each in rewrites}
        yield Claim(found[0], bool(rungs & _STOOD) and Rung.REFUTED not in rungs)
        return
    marks = {mark.upper() for mark in _KEYWORD.findall(re.sub(r"'[^']*'", "", clause))}
    code = re.findall(r"`([^`]+)`", clause)
    kept = [
        record.proposal.after
        for record in scope.records
        if record.proposal is not None
        and record.proposal.kind is ProposalKind.REWRITE
        and record.proposal.proof.rung in (Rung.TESTED, Rung.EXHAUSTED, Rung.BY_RULE)
    ]
    own = [
        record.proposal.after
        for record in scope.records
        if record.proposal is not None and record.proposal.proof.rung is Rung.REFUTED
    ]
    if _INDEX.search(clause) and not _CHANGED.search(clause):
        yield Claim(found[0], held=True)  # an index changes no rows
        return
    new = [piece for piece in (*code, *marks) if not _stands_in(piece, scope.cell)]
    refuted = bool(new) and any(all(_stands_in(piece, after) for piece in new) for after in own)
    is_named = bool(new) or (bool(_VERSION.search(clause)) and not _CHANGED.search(clause))
    held = (
        is_named
        and not refuted
        and any(
            marks <= {mark.upper() for mark in _KEYWORD.findall(f"{after} {scope.cell}")}
            and all(_stands_in(piece, f"{after} {scope.cell}") for piece in code)
            for after in kept
        )
    )
    yield Claim(found[0], held)


def _stands_in(piece: str, sql: str) -> bool:
    if piece.isalpha():
        return bool(re.search(rf"\b{piece}\b", sql, _I))
    return " ".join(piece.split()).lower() in " ".join(sql.split()).lower()
