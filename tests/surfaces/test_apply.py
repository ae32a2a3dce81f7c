"""What `%backend apply` puts into the next cell."""

from __future__ import annotations

from backend_mentor.domain.proposal import Proposal, ProposalKind, Tradeoffs
from backend_mentor.surfaces.commands.reviews import cell_of


def proposal(kind: ProposalKind, after: str) -> Proposal:
    return Proposal(kind, "some-idea", "Do it", "before", after, "It is better.", Tradeoffs("nothing"))


def test_code_is_put_there_to_be_run_without_the_magic_that_asked_for_its_review() -> None:
    cell = cell_of(proposal(ProposalKind.CODE, "%%backend --run\nimport secrets\n"))
    assert cell == "import secrets\n"


def test_the_cells_own_magics_stay() -> None:
    cell = cell_of(proposal(ProposalKind.CODE, "%load_ext autoreload\nimport secrets\n"))
    assert cell == "%load_ext autoreload\nimport secrets\n"


def test_a_statement_is_put_there_to_be_reviewed_again() -> None:
    assert cell_of(proposal(ProposalKind.REWRITE, "SELECT 1")) == "%%backend\nSELECT 1\n"
