"""Rules on what lets others in."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from backend_mentor.rules.endpoint.rule import CodeRule

SECURITY_RULES: tuple[CodeRule, ...] = (
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
)
