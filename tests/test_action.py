"""The GitHub Action's own script and the pre-commit hook's entry, run as they stand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent


def script() -> tuple[str, dict[str, str]]:
    """Return the action's review step and the environment that its defaults make."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    (step,) = [each for each in action["runs"]["steps"] if each.get("name") == "Review"]
    defaults = {f"${{{{ inputs.{name} }}}}": str(each.get("default", "")) for name, each in action["inputs"].items()}
    return step["run"], {name: defaults[value] for name, value in step["env"].items()}


def run(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    text, environment = script()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", text],
        cwd=folder,
        env={**os.environ, **environment, **inputs, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "my app").mkdir()
    (tmp_path / "my app" / "views.py").write_text(
        "from flask import Flask, request\nimport sqlite3\n"
        "app = Flask(__name__)\n\n\n@app.get('/parts')\ndef parts():\n"
        "    name = request.args['name']\n"
        "    return sqlite3.connect('x').execute(f\"SELECT id FROM parts WHERE name = '{name}'\").fetchall()\n"
    )
    return tmp_path


def test_the_actions_script_writes_sarif_and_fails_on_what_is_critical(folder: Path) -> None:
    ended = run(folder)
    assert ended.returncode == 1, ended.stderr
    rules = {
        result["ruleId"] for result in json.loads((folder / "backend-mentor.sarif").read_text())["runs"][0]["results"]
    }
    assert "sql-injection" in rules


def test_an_input_of_the_action_is_never_run_as_a_command(folder: Path) -> None:
    ended = run(folder, PATHS="$(touch hacked) `touch hacked` ;touch hacked", BASELINE="; touch hacked")
    assert ended.returncode == 2
    assert not (folder / "hacked").exists()


def test_the_hooks_entry_reviews_the_files_that_it_is_given(folder: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    _, *words = hook["entry"].split()
    (folder / "plain.py").write_text("x = 1\n")
    command = [sys.executable, "-m", "backend_mentor", *words, "my app/views.py", "plain.py"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    assert "sql-injection" in ended.stdout
    assert "plain.py: passed over" in ended.stdout
