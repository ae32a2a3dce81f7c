"""Findings in SARIF 2.1.0 (OASIS), as code-scanning views read them."""

from __future__ import annotations

import hashlib
from string import ascii_letters, digits
from typing import TYPE_CHECKING

from backend_mentor.domain.finding import Severity

if TYPE_CHECKING:
    from backend_mentor.domain.batch import Outcome, Summary
    from backend_mentor.domain.finding import Finding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_UNRESERVED = frozenset(f"{ascii_letters}{digits}-._~/")
_LEVELS = {Severity.CRITICAL: "error", Severity.WARNING: "warning", Severity.ADVICE: "note", Severity.INFO: "note"}


def render(summary: Summary) -> str:
    """Return one run of SARIF 2.1.0 as JSON: a result for each finding, a notification for what was not reviewed."""
    from msgspec.json import encode, format

    rules = _rules(summary)
    positions = {rule["id"]: position for position, rule in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "Backend Mentor", "semanticVersion": summary.version, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(outcome, finding, positions[finding.rule])
            for outcome in summary.outcomes
            for finding in outcome.findings
        ],
        "invocations": [
            {"executionSuccessful": not summary.failures, "toolExecutionNotifications": _failures(summary)}
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return format(encode(log), indent=2).decode() + "\n"


def _rules(summary: Summary) -> list[dict[str, object]]:
    firsts: dict[str, Finding] = {}
    for outcome in summary.outcomes:
        for finding in outcome.findings:
            firsts.setdefault(finding.rule, finding)
    return [
        {
            "id": name,
            "shortDescription": {"text": name.replace("-", " ")},
            "fullDescription": {"text": finding.why},
            "help": {"text": finding.instead},
            "defaultConfiguration": {"level": _LEVELS[finding.severity]},
            "properties": {"tags": [finding.responsibility.value]},
        }
        for name, finding in sorted(firsts.items())
    ]


def _result(outcome: Outcome, finding: Finding, position: int) -> dict[str, object]:
    offers = [f"Better version: {offer.title} ({offer.verdict})." for offer in outcome.offers[:1]]
    return {
        "ruleId": finding.rule,
        "ruleIndex": position,
        "level": _LEVELS[finding.severity],
        "message": {"text": " ".join((finding.what, finding.instead, *offers))},
        "locations": [_location(outcome, finding)],
        "partialFingerprints": {"findingInText/v1": _fingerprint(outcome, finding)},
    }


def _location(outcome: Outcome, finding: Finding | None) -> dict[str, object]:
    piece = outcome.piece
    span = finding.place.span if finding else None
    region: dict[str, object] = {"startLine": span.line if span else piece.line}
    if span:
        region["startColumn"] = span.column
    # A notebook's lines are those of its JSON, which nobody sees; the cell is named instead.
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(piece.path)}}
    if piece.cell is None:
        return {"physicalLocation": {**physical, "region": region}}
    logical = {
        "name": f"cell {piece.cell}",
        "fullyQualifiedName": f"{piece.path}#cell-{piece.cell}-line-{region['startLine']}",
    }
    return {"physicalLocation": {**physical, "region": {"startLine": 1}}, "logicalLocations": [logical]}


def _uri(path: str) -> str:
    """Return a path as a URI reference (RFC 3986): every byte percent-encoded but those that need not be."""
    return "".join(chr(byte) if chr(byte) in _UNRESERVED else f"%{byte:02X}" for byte in path.encode())


def _fingerprint(outcome: Outcome, finding: Finding) -> str:
    """Return what stays the same where lines are added above: the rule, the file and the finding's own line of text."""
    lines = outcome.piece.text.splitlines() or [""]
    span = finding.place.span
    number = span.line - outcome.piece.line if span else 0
    line = lines[number] if 0 <= number < len(lines) else lines[0]
    parts = (finding.rule, outcome.piece.path, " ".join(line.split()), finding.what)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _failures(summary: Summary) -> list[dict[str, object]]:
    return [
        {"level": "error", "message": {"text": f"Not reviewed: {failure}"}, "locations": [_location(outcome, None)]}
        for outcome in summary.outcomes
        for failure in outcome.failures
    ]
