"""Rules on what lets others in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.security.abandoned_security_library import AbandonedSecurityLibrary
from backend_mentor.rules.endpoint.security.admin_path_with_plain_user import AdminPathWithPlainUser
from backend_mentor.rules.endpoint.security.archive_name_as_path import ArchiveNameAsPath
from backend_mentor.rules.endpoint.security.body_grants_rights import BodyGrantsRights
from backend_mentor.rules.endpoint.security.caller_address_from_header import CallerAddressFromHeader
from backend_mentor.rules.endpoint.security.caller_sets_any_column import CallerSetsAnyColumn
from backend_mentor.rules.endpoint.security.check_after_write import CheckAfterWrite
from backend_mentor.rules.endpoint.security.check_fails_open import CheckFailsOpen
from backend_mentor.rules.endpoint.security.code_from_caller import CodeFromCaller
from backend_mentor.rules.endpoint.security.column_from_caller import ColumnFromCaller
from backend_mentor.rules.endpoint.security.command_from_caller import CommandFromCaller
from backend_mentor.rules.endpoint.security.content_type_not_checked import ContentTypeNotChecked
from backend_mentor.rules.endpoint.security.cookie_without_protection import CookieWithoutProtection
from backend_mentor.rules.endpoint.security.csrf_switched_off import CsrfSwitchedOff
from backend_mentor.rules.endpoint.security.debug_in_production import DebugInProduction
from backend_mentor.rules.endpoint.security.dependency_called import DependencyCalled
from backend_mentor.rules.endpoint.security.dependency_without_depends import DependencyWithoutDepends
from backend_mentor.rules.endpoint.security.every_host_allowed import EveryHostAllowed
from backend_mentor.rules.endpoint.security.every_proxy_trusted import EveryProxyTrusted
from backend_mentor.rules.endpoint.security.extra_fields_taken import ExtraFieldsTaken
from backend_mentor.rules.endpoint.security.fast_password_hash import FastPasswordHash
from backend_mentor.rules.endpoint.security.filter_from_caller import FilterFromCaller
from backend_mentor.rules.endpoint.security.guard_outside_route import GuardOutsideRoute
from backend_mentor.rules.endpoint.security.html_from_caller import HtmlFromCaller
from backend_mentor.rules.endpoint.security.loader_shared_by_requests import LoaderSharedByRequests
from backend_mentor.rules.endpoint.security.login_tells_who_exists import LoginTellsWhoExists
from backend_mentor.rules.endpoint.security.login_without_state import LoginWithoutState
from backend_mentor.rules.endpoint.security.loose_origin_pattern import LooseOriginPattern
from backend_mentor.rules.endpoint.security.mutation_without_permission import MutationWithoutPermission
from backend_mentor.rules.endpoint.security.number_without_range import NumberWithoutRange
from backend_mentor.rules.endpoint.security.optional_credentials_used import OptionalCredentialsUsed
from backend_mentor.rules.endpoint.security.origin_wildcard_with_credentials import OriginWildcardWithCredentials
from backend_mentor.rules.endpoint.security.origins_not_outermost import OriginsNotOutermost
from backend_mentor.rules.endpoint.security.owner_not_checked import OwnerNotChecked
from backend_mentor.rules.endpoint.security.password_cut_by_hash import PasswordCutByHash
from backend_mentor.rules.endpoint.security.password_stored_in_clear import PasswordStoredInClear
from backend_mentor.rules.endpoint.security.password_without_minimum import PasswordWithoutMinimum
from backend_mentor.rules.endpoint.security.path_from_caller import PathFromCaller
from backend_mentor.rules.endpoint.security.pattern_backtracks import PatternBacktracks
from backend_mentor.rules.endpoint.security.pattern_from_caller import PatternFromCaller
from backend_mentor.rules.endpoint.security.predictable_token import PredictableToken
from backend_mentor.rules.endpoint.security.query_without_depth_limit import QueryWithoutDepthLimit
from backend_mentor.rules.endpoint.security.redirect_to_any_address import RedirectToAnyAddress
from backend_mentor.rules.endpoint.security.refresh_token_as_access import RefreshTokenAsAccess
from backend_mentor.rules.endpoint.security.request_to_any_address import RequestToAnyAddress
from backend_mentor.rules.endpoint.security.role_from_caller import RoleFromCaller
from backend_mentor.rules.endpoint.security.scopes_never_checked import ScopesNeverChecked
from backend_mentor.rules.endpoint.security.secret_compared_by_equals import SecretComparedByEquals
from backend_mentor.rules.endpoint.security.secret_in_address import SecretInAddress
from backend_mentor.rules.endpoint.security.secret_in_code import SecretInCode
from backend_mentor.rules.endpoint.security.secret_in_log import SecretInLog
from backend_mentor.rules.endpoint.security.serializer_of_all_fields import SerializerOfAllFields
from backend_mentor.rules.endpoint.security.session_cookie_settings_off import SessionCookieSettingsOff
from backend_mentor.rules.endpoint.security.socket_origin_not_checked import SocketOriginNotChecked
from backend_mentor.rules.endpoint.security.socket_without_check import SocketWithoutCheck
from backend_mentor.rules.endpoint.security.sql_injection import SqlInjection
from backend_mentor.rules.endpoint.security.template_from_caller import TemplateFromCaller
from backend_mentor.rules.endpoint.security.token_not_verified import TokenNotVerified
from backend_mentor.rules.endpoint.security.token_subject_as_number import TokenSubjectAsNumber
from backend_mentor.rules.endpoint.security.token_with_long_life import TokenWithLongLife
from backend_mentor.rules.endpoint.security.token_without_algorithm import TokenWithoutAlgorithm
from backend_mentor.rules.endpoint.security.token_without_expiry import TokenWithoutExpiry
from backend_mentor.rules.endpoint.security.unused_caller import UnusedCaller
from backend_mentor.rules.endpoint.security.upload_kind_by_its_label import UploadKindByItsLabel
from backend_mentor.rules.endpoint.security.upload_under_its_own_name import UploadUnderItsOwnName
from backend_mentor.rules.endpoint.security.upload_without_limit import UploadWithoutLimit
from backend_mentor.rules.endpoint.security.webhook_without_signature import WebhookWithoutSignature
from backend_mentor.rules.endpoint.security.write_open_to_all import WriteOpenToAll
from backend_mentor.rules.endpoint.security.writer_without_guard import WriterWithoutGuard
from backend_mentor.rules.endpoint.security.xml_entities_resolved import XmlEntitiesResolved

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

SECURITY_RULES: tuple[CodeRule, ...] = (
    AbandonedSecurityLibrary(),
    AdminPathWithPlainUser(),
    ArchiveNameAsPath(),
    BodyGrantsRights(),
    CallerAddressFromHeader(),
    CallerSetsAnyColumn(),
    CheckAfterWrite(),
    CheckFailsOpen(),
    CodeFromCaller(),
    ColumnFromCaller(),
    CommandFromCaller(),
    ContentTypeNotChecked(),
    CookieWithoutProtection(),
    CsrfSwitchedOff(),
    DebugInProduction(),
    DependencyCalled(),
    DependencyWithoutDepends(),
    EveryHostAllowed(),
    EveryProxyTrusted(),
    ExtraFieldsTaken(),
    FastPasswordHash(),
    FilterFromCaller(),
    GuardOutsideRoute(),
    HtmlFromCaller(),
    LoaderSharedByRequests(),
    LoginTellsWhoExists(),
    LoginWithoutState(),
    LooseOriginPattern(),
    MutationWithoutPermission(),
    NumberWithoutRange(),
    OptionalCredentialsUsed(),
    OriginWildcardWithCredentials(),
    OriginsNotOutermost(),
    OwnerNotChecked(),
    PasswordCutByHash(),
    PasswordStoredInClear(),
    PasswordWithoutMinimum(),
    PathFromCaller(),
    PatternBacktracks(),
    PatternFromCaller(),
    PredictableToken(),
    QueryWithoutDepthLimit(),
    RedirectToAnyAddress(),
    RefreshTokenAsAccess(),
    RequestToAnyAddress(),
    RoleFromCaller(),
    ScopesNeverChecked(),
    SecretComparedByEquals(),
    SecretInAddress(),
    SecretInCode(),
    SecretInLog(),
    SerializerOfAllFields(),
    SessionCookieSettingsOff(),
    SocketOriginNotChecked(),
    SocketWithoutCheck(),
    SqlInjection(),
    TemplateFromCaller(),
    TokenNotVerified(),
    TokenSubjectAsNumber(),
    TokenWithLongLife(),
    TokenWithoutAlgorithm(),
    TokenWithoutExpiry(),
    UnusedCaller(),
    UploadKindByItsLabel(),
    UploadUnderItsOwnName(),
    UploadWithoutLimit(),
    WebhookWithoutSignature(),
    WriteOpenToAll(),
    WriterWithoutGuard(),
    XmlEntitiesResolved(),
)
