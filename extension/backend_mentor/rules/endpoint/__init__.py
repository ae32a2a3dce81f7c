"""What we notice in endpoint code. One rule is one module with its examples; the tuple here is all rules there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.api.body_without_room import BodyWithoutRoom
from backend_mentor.rules.endpoint.api.exception_returned import ExceptionReturned
from backend_mentor.rules.endpoint.api.get_that_writes import GetThatWrites
from backend_mentor.rules.endpoint.api.page_size_without_limit import PageSizeWithoutLimit
from backend_mentor.rules.endpoint.api.patch_overwrites_with_defaults import PatchOverwritesWithDefaults
from backend_mentor.rules.endpoint.api.route_shadowed import RouteShadowed
from backend_mentor.rules.endpoint.api.route_twice import RouteTwice
from backend_mentor.rules.endpoint.api.status_in_tuple import StatusInTuple
from backend_mentor.rules.endpoint.api.success_as_exception import SuccessAsException
from backend_mentor.rules.endpoint.database.commit_in_loop import CommitInLoop
from backend_mentor.rules.endpoint.database.default_made_at_import import DefaultMadeAtImport
from backend_mentor.rules.endpoint.database.money_as_float import MoneyAsFloat
from backend_mentor.rules.endpoint.database.page_without_order import PageWithoutOrder
from backend_mentor.rules.endpoint.database.python_operator_in_filter import PythonOperatorInFilter
from backend_mentor.rules.endpoint.database.read_then_written_back import ReadThenWrittenBack
from backend_mentor.rules.endpoint.database.session_shared_by_requests import SessionSharedByRequests
from backend_mentor.rules.endpoint.database.write_without_filter import WriteWithoutFilter
from backend_mentor.rules.endpoint.documentation.handler_without_description import HandlerWithoutDescription
from backend_mentor.rules.endpoint.errors.error_as_success import ErrorAsSuccess
from backend_mentor.rules.endpoint.errors.exception_eats_answer import ExceptionEatsAnswer
from backend_mentor.rules.endpoint.errors.exception_text_to_caller import ExceptionTextToCaller
from backend_mentor.rules.endpoint.errors.process_exit_in_handler import ProcessExitInHandler
from backend_mentor.rules.endpoint.logic.cached_coroutine import CachedCoroutine
from backend_mentor.rules.endpoint.logic.cancellation_swallowed import CancellationSwallowed
from backend_mentor.rules.endpoint.logic.lock_held_across_await import LockHeldAcrossAwait
from backend_mentor.rules.endpoint.logic.session_shared_by_tasks import SessionSharedByTasks
from backend_mentor.rules.endpoint.logic.state_in_process import StateInProcess
from backend_mentor.rules.endpoint.performance.count_by_fetching import CountByFetching
from backend_mentor.rules.endpoint.performance.engine_per_request import EnginePerRequest
from backend_mentor.rules.endpoint.performance.query_in_loop import QueryInLoop
from backend_mentor.rules.endpoint.performance.sync_session_in_async import SyncSessionInAsync
from backend_mentor.rules.endpoint.security.abandoned_security_library import AbandonedSecurityLibrary
from backend_mentor.rules.endpoint.security.caller_sets_any_column import CallerSetsAnyColumn
from backend_mentor.rules.endpoint.security.cookie_without_protection import CookieWithoutProtection
from backend_mentor.rules.endpoint.security.debug_in_production import DebugInProduction
from backend_mentor.rules.endpoint.security.dependency_called import DependencyCalled
from backend_mentor.rules.endpoint.security.fast_password_hash import FastPasswordHash
from backend_mentor.rules.endpoint.security.guard_outside_route import GuardOutsideRoute
from backend_mentor.rules.endpoint.security.loose_origin_pattern import LooseOriginPattern
from backend_mentor.rules.endpoint.security.origin_wildcard_with_credentials import OriginWildcardWithCredentials
from backend_mentor.rules.endpoint.security.owner_not_checked import OwnerNotChecked
from backend_mentor.rules.endpoint.security.password_stored_in_clear import PasswordStoredInClear
from backend_mentor.rules.endpoint.security.path_from_caller import PathFromCaller
from backend_mentor.rules.endpoint.security.predictable_token import PredictableToken
from backend_mentor.rules.endpoint.security.redirect_to_any_address import RedirectToAnyAddress
from backend_mentor.rules.endpoint.security.request_to_any_address import RequestToAnyAddress
from backend_mentor.rules.endpoint.security.secret_compared_by_equals import SecretComparedByEquals
from backend_mentor.rules.endpoint.security.secret_in_code import SecretInCode
from backend_mentor.rules.endpoint.security.secret_in_log import SecretInLog
from backend_mentor.rules.endpoint.security.sql_injection import SqlInjection
from backend_mentor.rules.endpoint.security.token_not_verified import TokenNotVerified
from backend_mentor.rules.endpoint.security.upload_without_limit import UploadWithoutLimit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.rules.endpoint.rule import CodeRule

ENDPOINT_RULES: tuple[CodeRule, ...] = (
    AbandonedSecurityLibrary(),
    CallerSetsAnyColumn(),
    CookieWithoutProtection(),
    DebugInProduction(),
    DependencyCalled(),
    FastPasswordHash(),
    GuardOutsideRoute(),
    LooseOriginPattern(),
    OriginWildcardWithCredentials(),
    OwnerNotChecked(),
    PasswordStoredInClear(),
    PathFromCaller(),
    PredictableToken(),
    RedirectToAnyAddress(),
    RequestToAnyAddress(),
    SecretComparedByEquals(),
    SecretInCode(),
    SecretInLog(),
    SqlInjection(),
    TokenNotVerified(),
    UploadWithoutLimit(),
    CommitInLoop(),
    DefaultMadeAtImport(),
    MoneyAsFloat(),
    PageWithoutOrder(),
    PythonOperatorInFilter(),
    ReadThenWrittenBack(),
    SessionSharedByRequests(),
    WriteWithoutFilter(),
    BodyWithoutRoom(),
    ExceptionReturned(),
    GetThatWrites(),
    PageSizeWithoutLimit(),
    PatchOverwritesWithDefaults(),
    RouteShadowed(),
    RouteTwice(),
    StatusInTuple(),
    SuccessAsException(),
    ErrorAsSuccess(),
    ExceptionEatsAnswer(),
    ExceptionTextToCaller(),
    ProcessExitInHandler(),
    CachedCoroutine(),
    CancellationSwallowed(),
    LockHeldAcrossAwait(),
    SessionSharedByTasks(),
    StateInProcess(),
    CountByFetching(),
    EnginePerRequest(),
    QueryInLoop(),
    SyncSessionInAsync(),
    HandlerWithoutDescription(),
)

# Where both speak of the same line, the first says all that the second says, and in terms of the endpoint.
_SAYS_MORE = (
    ("fast-password-hash", "weak-hash"),
    ("exception-eats-answer", "broad-except"),
    ("error-as-success", "broad-except"),
    ("default-made-at-import", "naive-datetime"),
    ("debug-in-production", "debug-on"),
    ("query-in-loop", "commit-in-loop"),
)
_SUPPRESSION = re.compile(r"#\s*backend-mentor:\s*ignore\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)")


def find_in_code(source: Source, linted: tuple[Finding, ...] = ()) -> tuple[Finding, ...]:
    """Return what every rule and the linters find in a cell of code, gravest first, then in the order of the text.

    `# backend-mentor: ignore rule-name` leaves a rule out: on a line of code for that line, on a line of its own for
    the cell. A rule that raises is not caught: the review has to say that it failed.
    """
    findings = [*(finding for rule in ENDPOINT_RULES for finding in rule.check(source)), *linted]
    everywhere, by_line = _suppressed(source.text)
    kept = [
        finding
        for finding in _without_repetition(findings)
        if finding.rule not in everywhere and finding.rule not in by_line.get(_line(finding), frozenset())
    ]
    return tuple(sorted(kept, key=_order))


def _suppressed(text: str) -> tuple[frozenset[str], dict[int, frozenset[str]]]:
    """Return the rules that are switched off for the whole cell, and those of each line."""
    everywhere: frozenset[str] = frozenset()
    by_line: dict[int, frozenset[str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        found = _SUPPRESSION.search(line)
        if found is None:
            continue
        names = frozenset(re.split(r"\s*,\s*", found[1]))
        if line.lstrip().startswith("#"):
            everywhere |= names
        else:
            by_line[number] = names
    return everywhere, by_line


def _without_repetition(findings: Iterable[Finding]) -> list[Finding]:
    """Return each rule's first finding of a place, without those that a better one on their line makes superfluous."""
    first: dict[tuple[str, int, int], Finding] = {}
    lines: dict[tuple[str, int], Finding] = {}
    for finding in findings:
        line, column = _line(finding), finding.place.span.column if finding.place.span else 0
        # A rule of ours and one of a linter share their name where they mean the same thing.
        if (finding.rule, line) in lines and lines[finding.rule, line].evidence[:1] != finding.evidence[:1]:
            continue
        lines.setdefault((finding.rule, line), finding)
        first.setdefault((finding.rule, line, column), finding)
    return [
        finding
        for (rule, line, _), finding in first.items()
        if not any(weak == rule and (strong, line) in lines for strong, weak in _SAYS_MORE)
    ]


def _line(finding: Finding) -> int:
    return finding.place.span.line if finding.place.span else 0


def _order(finding: Finding) -> tuple[int, int]:
    return (-finding.severity.rank, finding.place.span.start if finding.place.span else 0)
