"""Ruff's findings as a review says them, from the real binary."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.finding import Severity
from backend_mentor.linters import lint
from backend_mentor.linters.advice import ADVICE
from backend_mentor.linters.ruff import find_ruff, without_magics

CALLS = '''import requests
def report(url: str) -> str:
    """é"""; requests.get(url)
    return url
'''


def _names(text: str) -> list[str]:
    return [finding.rule for finding in lint(text)]


def test_a_finding_names_the_code_and_stands_on_it() -> None:
    (finding,) = lint(CALLS)
    assert finding.rule == "request-without-timeout"
    assert finding.what == "`requests.get` waits for the other side without a limit."
    span = finding.place.span
    assert span is not None
    assert CALLS[span.start : span.end] == "requests.get"
    assert (span.line, span.column) == (3, 14)
    assert finding.evidence[0].fact.startswith("S113: ")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import time\nasync def wait():\n    time.sleep(1)\n", "blocking-call-in-async"),
        ("import hashlib\ndigest = hashlib.md5(password)\n", "weak-hash"),
        ("import yaml\ndef load(text):\n    return yaml.load(text)\n", "unsafe-deserialisation"),
        ("def value(text):\n    return eval(text)\n", "executes-text"),
        ("from datetime import datetime\nnow = datetime.utcnow()\n", "naive-datetime"),
        ("def add(item, to=[]):\n    to.append(item)\n    return to\n", "mutable-default"),
        ("import asyncio\nasync def start(job):\n    asyncio.create_task(job())\n", "lost-task"),
        ("def f(a):\n    try:\n        a()\n    except ValueError:\n        raise KeyError\n", "cause-lost"),
        ("import os\ndef show(name):\n    os.system('ls ' + name)\n", "command-through-shell"),
        ("from flask import Flask\napp = Flask('x')\napp.run(debug=True)\n", "debug-on"),
        ("import requests\nrequests.get('https://a.b', verify=False, timeout=3)\n", "certificate-not-checked"),
    ],
)
def test_ruffs_rules_go_by_our_names(text: str, name: str) -> None:
    assert _names(text) == [name]


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("frame.head()\ndisplay(frame)\nframe", "names of other cells and a last expression are usual in a notebook"),
        ("await load()\n", "a cell can await at top level"),
        ("import os\nos.system('ls')\n", "nobody can change a literal command"),
        ("def f(:\n", "unfinished code is passed over"),
        ("%load_ext x\n!ls\nframe?\nimport datetime\n", "magics are not Python"),
        ("def f(session=Depends(open_session)):\n    return session\n", "a dependency is made to be a default"),
    ],
)
def test_what_is_usual_in_a_notebook_is_left_alone(text: str, because: str) -> None:
    assert _names(text) == [], because


def test_code_around_a_magic_is_read() -> None:
    assert _names("%time x = 1\nimport hashlib\nhashlib.md5(token)\n") == ["weak-hash"]


def test_text_that_is_python_keeps_its_lines() -> None:
    text = 'query = """\n%(name)s\n"""\n'
    assert without_magics(text) == text


def test_one_except_gets_one_finding() -> None:
    assert _names("def f(a):\n    try:\n        a()\n    except:\n        pass\n") == ["exception-swallowed"]


def test_a_habit_is_told_once_with_its_lines() -> None:
    text = "import logging\nlogger = logging.getLogger('a')\n" + "".join(
        f"logger.info(f'{{logger}} {number}')\n" for number in range(3)
    )
    (finding,) = lint(text)
    assert finding.rule == "eager-log-message"
    assert finding.what.endswith("The same holds on lines 4 and 5.")


def test_of_calls_that_differ_each_is_named() -> None:
    text = "import os\nasync def load(path):\n    if os.path.exists(path):\n        return open(path)\n"
    (finding,) = lint(text)
    assert finding.what == (
        "`os.path.exists` asks the file system inside an `async def`. The same holds of `open` (line 4)."
    )


@pytest.mark.parametrize(
    ("text", "why", "instead"),
    [
        (
            "log.error(f'order {order.id}: 3 % off {price!r}')",
            "Each message is a text of its own for whoever groups or searches them.",
            "Pass the values as arguments: `log.error('order %s: 3 %% off %r', order.id, price)`.",
        ),
        (
            "log.debug(f'order {order.id:>8}')",
            "Each message is a text of its own for whoever groups or searches them, and is made even where its level "
            "is off.",
            'Pass the values as arguments: `log.debug("… %s …", order.id, …)`.',
        ),
        (
            "from datetime import datetime\nfrom django.db import models\nrow.day = datetime.now()",
            "With `USE_TZ`, which is on in new Django projects, the ORM warns of it and reads it in the current zone, "
            "and comparing it with an aware one raises a TypeError.",
            "Use `django.utils.timezone.now()`, and `timezone.localdate()` where a day is meant.",
        ),
        (
            "import datetime\nrow.day = datetime.datetime.utcfromtimestamp(row.seconds)",
            ADVICE["DTZ004"].why,
            "Use `datetime.datetime.fromtimestamp(row.seconds, timezone.utc)`, or the zone that is meant in place of "
            "UTC.",
        ),
        (
            "try:\n    load()\nexcept OSError:\n    raise\nfinally:\n    clear()",
            ADVICE["TRY203"].why,
            "Take the clause away, and keep the `finally`.",
        ),
        (
            "try:\n    load()\nexcept OSError as missing:\n    raise StoreError",
            ADVICE["B904"].why,
            "Write `raise … from missing`, or `from None` where the cause is of no use.",
        ),
        (
            "try:\n    load()\nexcept OSError:\n    raise StoreError",
            ADVICE["B904"].why,
            "Name it and say so: `except OSError as error:` and `raise … from error`.",
        ),
        (
            "try:\n    load()\nexcept Exception as error:\n    self.log.error('no %s', error)",
            ADVICE["TRY400"].why,
            "Use `self.log.exception(...)` here.",
        ),
    ],
)
def test_an_advice_speaks_of_its_place(text: str, why: str, instead: str) -> None:
    (finding,) = lint(f"import logging\nlog = logging.getLogger('a')\n{text}\n")
    assert (finding.why, finding.instead) == (why, instead)


def test_without_ruff_the_way_to_install_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotSupportedError, match=r'pip install "backend-mentor\[endpoints\]"'):
        find_ruff(tmp_path)


def test_ruff_has_each_code_that_we_explain() -> None:
    done = subprocess.run(
        [find_ruff(), "rule", "--all", "--output-format=json"], capture_output=True, check=True, timeout=30
    )
    known = {rule["code"] for rule in json.loads(done.stdout)}
    assert set(ADVICE) <= known


@pytest.mark.parametrize("code", sorted(ADVICE))
def test_an_advice_says_what_why_and_what_to_do(code: str) -> None:
    advice = ADVICE[code]
    assert advice.what.format(code="x").endswith(".")
    assert advice.why.endswith(".")
    assert advice.instead.endswith(".")
    assert advice.severity in Severity


@pytest.mark.parametrize(
    ("does", "severity"),
    [
        ("found.append(row)", Severity.WARNING),
        ("found[row.id] = row", Severity.WARNING),
        ("found += [row]", Severity.WARNING),
        ("self.found = found", Severity.ADVICE),
        ("return {'found': found}", Severity.ADVICE),
    ],
)
def test_a_shared_default_is_graver_where_the_function_itself_changes_it(does: str, severity: Severity) -> None:
    (finding,) = lint(f"def gather(self, row, found=[]):\n    {does}\n")
    assert (finding.rule, finding.severity) == ("mutable-default", severity)


def test_of_shared_defaults_the_graver_is_told_by_itself() -> None:
    text = (
        "def keep(self, a=[],\n    b=[]):\n    self.kept = a, b\n"
        "def add(row, known=[], found=[]):\n    found.append(row)\n    return known\n"
    )
    told = [(each.severity, each.what) for each in lint(text)]
    assert told == [
        (Severity.ADVICE, "The default `[]` is made once and shared by each call. The same holds on line 2."),
        (Severity.WARNING, "The default `[]` is made once and shared by each call."),
    ]


@pytest.mark.parametrize(
    ("taken", "severity"),
    [("request.body", Severity.CRITICAL), ("socket.recv(99)", Severity.CRITICAL), ("store.get(key)", Severity.WARNING)],
)
def test_unpickling_is_gravest_where_the_bytes_are_sent_by_somebody(taken: str, severity: Severity) -> None:
    (finding,) = lint(f"import pickle\ndef state(request, key):\n    held = {taken}\n    return pickle.loads(held)\n")
    assert (finding.rule, finding.severity) == ("unsafe-deserialisation", severity)
