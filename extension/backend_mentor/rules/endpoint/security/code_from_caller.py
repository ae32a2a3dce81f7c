"""The rule code-from-caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import argument, dotted, full_name, last_name, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import from_caller, text_of_callers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_LOADS = frozenset(
    {
        "pickle.loads",
        "pickle.load",
        "cPickle.loads",
        "dill.loads",
        "cloudpickle.loads",
        "marshal.loads",
        "jsonpickle.decode",
        "joblib.load",
        "torch.load",
        "yaml.unsafe_load",
        "yaml.full_load",
    }
)


class CodeFromCaller:
    """What the caller sends is run, or built into objects that run code as they are built.

    `pickle` calls whatever the bytes name.
    """

    name: ClassVar[str] = "code-from-caller"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            import pickle
            from fastapi import FastAPI, Request
            app = FastAPI()
            @app.post("/state")
            async def restore(request: Request):
                data = await request.body()
                return pickle.loads(data)
            """,
            says="`pickle.loads` runs what data names",
        ),
        FlagsCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.get("/sum")
            def compute():
                return str(eval(request.args["formula"]))
            """,
            says="`eval` runs what the request names",
        ),
        PassesCode(
            """
            import json
            from fastapi import FastAPI, Request
            app = FastAPI()
            @app.post("/state")
            async def restore(request: Request):
                return json.loads(await request.body())
            """,
            because="JSON holds values alone",
        ),
        PassesCode(
            """
            import pickle
            def restore(path):
                return pickle.loads(path.read_bytes())
            """,
            because="nothing says that a caller has sent it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `eval`, `exec`, unpickling or unsafe YAML of a handler whose input is text of the caller."""
        for function, tainted in text_of_callers(source):
            for call in own_calls(function):
                full = full_name(source.tree, call.func)
                if full == "yaml.load":
                    loader = last_name(argument(call, 1, "Loader"))
                    is_open = loader in {"", "Loader", "UnsafeLoader", "FullLoader"}
                else:
                    is_open = full in _LOADS or full in {"eval", "exec"}
                sent = from_caller(call.args[0], tainted) if is_open and call.args else None
                if sent is not None:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"`{dotted(call.func)}` runs what {sent} names.",
                        why="Whoever calls runs his code in your process, with your keys and your database "
                        "(OWASP API8:2023, CWE-94, CWE-502).",
                        instead="Take JSON and read it into a model; for YAML `safe_load`; for formulas a parser "
                        "of what you allow.",
                    )
