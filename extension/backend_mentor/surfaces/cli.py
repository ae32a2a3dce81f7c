"""The command line: `backend-mentor review PATH`, `demo`, `same`, `plan`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import CellError, MentorError
from backend_mentor.domain.finding import Severity
from backend_mentor.domain.proof import Rung
from backend_mentor.domain.review import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backend_mentor.domain.review import Review
    from backend_mentor.renderers.view import View
    from backend_mentor.session import Session

NOTHING, FINDINGS, NOT_DONE = 0, 1, 2
_FORMATS = ("text", "markdown", "html", "json", "sarif")


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; return 0 for nothing to report, 1 for findings, 2 where it could not be done."""
    from backend_mentor.session import Session

    options = _parser().parse_args(arguments)
    session = Session(announce=lambda text: print(text, file=sys.stderr))
    try:
        status: int = options.carry_out(options, session)
    except MentorError as error:
        print(error, file=sys.stderr)
        return NOT_DONE
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return NOT_DONE
    except BrokenPipeError:
        # Whoever reads the output has had enough, as `head` has; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_DONE
    finally:
        session.close()
    return status


def _review_paths(options: argparse.Namespace, session: Session) -> int:
    from backend_mentor.surfaces.batch import is_batch, review_files

    if is_batch(options):
        _connect(options, session)
        return review_files(options, session)
    options.path = options.path[0]
    return _review(options, session)


def _review(options: argparse.Namespace, session: Session) -> int:
    text, name = _read(options.path)
    _connect(options, session)
    review = session.review(text, name=name, analyze=options.analyze)
    print(_renderer(options.format)(review, _view(options)))
    if review.failure or any(each.failure for each in review.further):
        return NOT_DONE
    floor = Severity(options.fail_on).rank
    reviews = (review, *review.further)
    return FINDINGS if any(found.severity.rank >= floor for each in reviews for found in each.findings) else NOTHING


def _notebook(options: argparse.Namespace, session: Session) -> int:
    from backend_mentor.surfaces.batch import review_notebook

    return review_notebook(options, session)


def _share(options: argparse.Namespace, session: Session) -> int:
    from backend_mentor.surfaces.sharing import share_from_terminal

    _connect(options, session)
    return share_from_terminal(options, session)


def _same(options: argparse.Namespace, session: Session) -> int:
    from backend_mentor.renderers.same import render_same

    texts = [_read(path)[0].strip().rstrip(";") for path in (options.first, options.second)]
    # The semicolon stands in a line of its own, where a closing comment can not swallow it.
    _connect(options, session)
    proof, before, after = session.judge_same("\n;\n".join(texts))
    print(render_same(proof, before.text, after.text))
    if proof.rung is Rung.REFUTED:
        return FINDINGS
    return NOTHING if proof.rung in (Rung.TESTED, Rung.EXHAUSTED, Rung.BY_RULE) else NOT_DONE


def _demo(options: argparse.Namespace, session: Session) -> int:
    from backend_mentor.demo.queries import QUERIES, TEMPTING
    from backend_mentor.renderers.same import render_same

    database = session.start_postgres() if options.postgres else session.connect("demo")
    print(f"{database.name} · {database.engine.title}, read-only. Each query is run; nothing leaves this machine.\n")
    view = _view(options)
    for query in QUERIES:
        print(f"{'=' * 8} {query.name}: {query.story}\n")
        print(query.sql[database.engine.name].strip() + "\n")
        print(_renderer(options.format)(session.review(query.sql[database.engine.name], name=query.name), view))
    print(f"{'=' * 8} Pairs that look the same and are not\n")
    for pair in TEMPTING:
        proof, before, after = session.judge_same(f"{pair.tempting};\n{pair.other}")
        print(render_same(proof, before.text, after.text))
    return NOTHING


def _recipe(options: argparse.Namespace, session: Session) -> int:
    from backend_mentor.renderers.recipe import list_recipes, render_recipe, tell_tests
    from backend_mentor.shelf import read_recipe, read_recipes, write_recipe

    if options.name is None:
        print(list_recipes(read_recipes()))
        return NOTHING
    recipe = read_recipe(options.name)
    if options.to is not None:
        for path in write_recipe(recipe, options.to):
            print(f"wrote {path}")
    if options.test:
        from backend_mentor.proofs.tested_code import run_recipe_tests

        run = run_recipe_tests(recipe)
        print(tell_tests(recipe, run))
        return FINDINGS if run.failed else NOTHING
    if options.to is None:
        print(render_recipe(recipe))
    return NOTHING


def _mcp(options: argparse.Namespace, session: Session) -> int:
    from backend_mentor.surfaces.mcp import serve

    _connect(options, session)
    serve(session)
    return NOTHING


def _doctor(options: argparse.Namespace, session: Session) -> int:
    from backend_mentor.surfaces.doctor import report

    _connect(options, session)
    return report(session, live=options.live, agreed=options.yes)


def _connect(options: argparse.Namespace, session: Session) -> None:
    if options.database:
        session.connect(options.database)


def _view(options: argparse.Namespace) -> View:
    from backend_mentor.renderers.view import View

    return View(level=Level(options.level), hint=options.hint)


def _renderer(name: str) -> Callable[[Review, View], str]:
    from backend_mentor.renderers import RENDERERS

    return RENDERERS[name]


def _read(path: str) -> tuple[str, str]:
    try:
        if path == "-":
            return sys.stdin.buffer.read().decode(), "stdin"
        return Path(path).read_bytes().decode(), Path(path).name
    except OSError as error:
        raise CellError(
            f"{path} can not be read: {error.strerror}.", "Give the path of a file, or - for the input."
        ) from error
    except UnicodeDecodeError as error:
        raise CellError(f"{path} is not text in UTF-8.", "Give a text file that holds SQL.") from error


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no whole number above 0")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("backend-mentor", description="Reviews SQL on your database, with proof.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--database", metavar="URL", help="a path or URL; else DATABASE_URL, else the demo database")
    look = argparse.ArgumentParser(add_help=False)
    look.add_argument("--format", choices=_FORMATS, default="text")
    look.add_argument("--hint", action="store_true", help="hints first, the answer on request")
    look.add_argument("--level", choices=list(Level), default=Level.SENIOR, help="how much is explained")

    review = commands.add_parser("review", parents=[shared, look], help="review files, folders or the standard input")
    review.add_argument("path", metavar="PATH", nargs="+", help="a file, a folder, or - for the standard input")
    review.add_argument("--analyze", action=argparse.BooleanOptionalAction, default=None, help="also run the query")
    review.add_argument("--fail-on", choices=list(Severity), default=Severity.WARNING, help="exit with 1 from here up")
    review.add_argument("--jobs", type=_positive, metavar="N", help="how many processes review side by side")
    review.add_argument("--dask", metavar="ADDRESS", help="review on the Dask cluster with this scheduler")
    review.add_argument("--resume", metavar="FILE", help="keep outcomes in this file, and go on from those it holds")
    review.add_argument("--baseline", metavar="FOLDER", help="report plans that are worse than those kept there")
    review.add_argument("--update-baseline", action="store_true", help="keep today's plans in the baseline")
    review.add_argument("--narratives", choices=("claude",), help="have Claude explain, in one batch; needs --resume")
    review.add_argument("--model", metavar="MODEL", help="with --narratives: which one; the persona's else")
    review.add_argument("--yes", action="store_true", help="with --narratives: send without asking")
    review.set_defaults(carry_out=_review_paths)
    plan = commands.add_parser("plan", parents=[shared, look], help="read the EXPLAIN plan in a file")
    plan.add_argument("path", metavar="FILE", help="a file, or - for the standard input")
    plan.set_defaults(carry_out=_review, analyze=None, fail_on=Severity.WARNING)
    notebook = commands.add_parser("notebook", parents=[shared, look], help="write a copy of a notebook with reviews")
    notebook.add_argument("path", metavar="FILE.ipynb")
    notebook.add_argument("--to", metavar="FILE", help="where the copy goes; FILE.reviewed.ipynb else")
    notebook.add_argument("--analyze", action=argparse.BooleanOptionalAction, default=None, help="also run the queries")
    notebook.add_argument(
        "--fail-on", choices=list(Severity), default=Severity.WARNING, help="exit with 1 from here up"
    )
    notebook.set_defaults(carry_out=_notebook)
    share = commands.add_parser("share", parents=[shared], help="write a folder for Binder, without secrets")
    share.add_argument("path", metavar="FILE.ipynb")
    share.add_argument("--to", metavar="FOLDER", help="where it goes; FILE-shared else")
    share.add_argument("--hide-rows", action="store_true", help="leave out all outputs, which can show rows")
    share.add_argument("--sample", type=_positive, metavar="ROWS", help="share so many rows of each table")
    share.add_argument("--yes", action="store_true", help="write it without asking")
    share.set_defaults(carry_out=_share)
    same = commands.add_parser("same", parents=[shared], help="do two statements mean the same?")
    same.add_argument("first", metavar="A")
    same.add_argument("second", metavar="B")
    same.set_defaults(carry_out=_same)
    demo = commands.add_parser("demo", parents=[look], help="review ten slow queries of the demo database")
    demo.add_argument("--postgres", action="store_true", help="on a PostgreSQL started for it, instead of SQLite")
    demo.set_defaults(carry_out=_demo)
    mcp = commands.add_parser("mcp", parents=[shared], help="serve the tools over MCP, to Claude Code and others")
    mcp.set_defaults(carry_out=_mcp)
    doctor = commands.add_parser("doctor", parents=[shared], help="what works on this machine")
    doctor.add_argument("--live", action="store_true", help="also ask Claude one question, after saying what it costs")
    doctor.add_argument("--yes", action="store_true", help="with --live: do not ask before it costs something")
    doctor.set_defaults(carry_out=_doctor)
    recipe = commands.add_parser("recipe", help="list the reference implementations, show one, write its files")
    recipe.add_argument("name", metavar="NAME", nargs="?", help="which one; without it all are listed")
    recipe.add_argument("--to", metavar="FOLDER", type=Path, help="write its code and tests there")
    recipe.add_argument("--test", action="store_true", help="run its tests, in a process of their own")
    recipe.set_defaults(carry_out=_recipe)
    return parser
