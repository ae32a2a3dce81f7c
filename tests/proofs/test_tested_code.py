"""Tests of code are really run, and what runs away, reaches out or dies is told as that."""

from __future__ import annotations

import os

import pytest

from backend_mentor.domain.errors import NotSupportedError, TimeLimitError
from backend_mentor.domain.proof import Proof, Rung
from backend_mentor.proofs.tested_code import TestLimits, run_tests

CODE = "def double(value):\n    return value * 2\n"


def written(body: str) -> dict[str, str]:
    return {"sum_code.py": CODE, "test_code.py": f"import pytest\nfrom sum_code import double\n\n{body}\n"}


def test_passed_and_failed_are_counted_and_the_output_says_which() -> None:
    run = run_tests(
        written(
            "@pytest.mark.parametrize('value', [1, 2, 3])\n"
            "def test_right(value):\n    assert double(value) == value + value\n\n"
            "def test_wrong():\n    assert double(2) == 5\n"
        )
    )
    assert (run.passed, run.failed) == (3, 1)
    assert "test_wrong" in run.output
    assert Proof(is_new=True, tests=run).rung is Rung.REFUTED
    assert Proof(is_new=True, tests=run).verdict == "new, 1 of its 4 tests fail"


@pytest.mark.parametrize(
    "body",
    [
        "def test_cut_off(:",
        "import no_such_module",
        "import os\nos._exit(0)",
        "raise SystemExit",
        "@pytest.fixture\ndef broken():\n    raise OSError\n\ndef test_with_it(broken):\n    pass",
        "import warnings\n\ndef test_warned():\n    warnings.warn('old', DeprecationWarning)",
        "",
    ],
    ids=["syntax", "import", "exit", "system-exit", "fixture", "warning", "no-test"],
)
def test_what_never_came_to_a_result_has_not_passed(body: str) -> None:
    run = run_tests(written(body))
    assert run.passed == 0
    assert run.failed >= 1


def test_a_skipped_test_has_not_passed() -> None:
    run = run_tests(written("@pytest.mark.skip\ndef test_later():\n    pass"))
    assert run.passed == 0
    assert "pass" not in Proof(is_new=True, tests=run).verdict


def test_a_test_that_never_ends_is_stopped_at_its_limit() -> None:
    with pytest.raises(TimeLimitError, match="within 2 s"):
        run_tests(written("def test_on_and_on():\n    while True:\n        pass"), TestLimits(seconds=2))


def test_memory_beyond_the_limit_is_not_given() -> None:
    run = run_tests(written("def test_huge():\n    bytearray(8 * 2**30)"))
    assert (run.passed, run.failed) == (0, 1)
    assert "MemoryError" in run.output


@pytest.mark.parametrize(
    "reach",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=5)",
        "socket.getaddrinfo('example.net', 80)",
        "socket.socket().connect(('192.0.2.1', 80))",
    ],
)
def test_code_under_test_has_no_network(reach: str) -> None:
    run = run_tests(written(f"import socket\n\ndef test_out():\n    {reach}"))
    assert "tests run without a network" in run.output
    assert run.failed == 1


def test_the_callers_variables_and_folder_stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "canary")
    body = (
        "import os\n\ndef test_alone():\n"
        "    assert 'canary' not in os.environ.values()\n"
        f"    assert os.getcwd() != {os.getcwd()!r}\n"
        "    assert os.path.expanduser('~') == os.getcwd()"
    )
    run = run_tests(written(body))
    assert (run.passed, run.failed) == (1, 0), run.output


def test_what_is_not_installed_is_named_before_anything_runs() -> None:
    with pytest.raises(NotSupportedError, match="no-such-distribution"):
        run_tests(written("def test_it():\n    pass"), requires=("no-such-distribution[extra]>=3",))


def test_new_code_without_a_run_claims_nothing() -> None:
    proof = Proof(is_new=True)
    assert (proof.rung, proof.verdict) == (Rung.NOT_APPLICABLE, "new, its tests not run here")
