"""Fixes for findings of this duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.code.security.algorithm_named import AlgorithmNamed
from backend_mentor.proposals.code.security.certificate_checked import CertificateChecked
from backend_mentor.proposals.code.security.command_without_shell import CommandWithoutShell
from backend_mentor.proposals.code.security.constant_time_compared import ConstantTimeCompared
from backend_mentor.proposals.code.security.cookie_protected import CookieProtected
from backend_mentor.proposals.code.security.debug_off import DebugOff
from backend_mentor.proposals.code.security.file_made_with_name import FileMadeWithName
from backend_mentor.proposals.code.security.secret_from_environment import SecretFromEnvironment
from backend_mentor.proposals.code.security.templates_escaped import TemplatesEscaped
from backend_mentor.proposals.code.security.token_drawn_by_system import TokenDrawnBySystem
from backend_mentor.proposals.code.security.value_bound import ValueBound
from backend_mentor.proposals.code.security.values_bound_in_branches import ValuesBoundInBranches
from backend_mentor.proposals.code.security.wait_ends import WaitEnds
from backend_mentor.proposals.code.security.yaml_of_plain_values import YamlOfPlainValues

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

SECURITY_FIXES: tuple[CodeFix, ...] = (
    ValueBound(),
    ValuesBoundInBranches(),
    ConstantTimeCompared(),
    TokenDrawnBySystem(),
    WaitEnds(),
    DebugOff(),
    SecretFromEnvironment(),
    CertificateChecked(),
    CookieProtected(),
    YamlOfPlainValues(),
    AlgorithmNamed(),
    TemplatesEscaped(),
    CommandWithoutShell(),
    FileMadeWithName(),
)
