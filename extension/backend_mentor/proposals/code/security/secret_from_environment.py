"""A secret comes from the environment."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.calling import means_module
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import is_in_text, node_of, quoted, replaced
from backend_mentor.reading.endpoints.trees import constant_text, enclosing, last_name, walk
from backend_mentor.reading.endpoints.words import words_of

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_OWN_READING = ("Settings", "Model", "Enum", "Schema")


class SecretFromEnvironment:
    """Read a secret from the environment instead of the code.

    Valid for a text that is assigned to a name, from which the variable takes its own. The program does not start
    until the variable is set, so it is offered on its own. The secret itself is known and has to be replaced.
    """

    name: ClassVar[str] = "secret-from-environment"
    answers: ClassVar[tuple[str, ...]] = ("secret-in-code",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "SECRET_KEY = 'f83hf9-2kd8Ga-19dkw0'  # é\n",
            "import os\n\nSECRET_KEY = os.environ['SECRET_KEY']  # é\n",
        ),
        Fixes(
            "import os\nfrom typing import Final\n\nfrom flask import Flask\n\napp = Flask('é')\n"
            'app.config["SECRET_KEY"] = "f83hf9-2kd8Ga-19dkw0"\njwt_secret: Final[str] = "Zk39-dkw8Qa-11vbe0"\n',
            "import os\nfrom typing import Final\n\nfrom flask import Flask\n\napp = Flask('é')\n"
            'app.config["SECRET_KEY"] = "f83hf9-2kd8Ga-19dkw0"\njwt_secret: Final[str] = os.environ["JWT_SECRET"]\n',
        ),
        Declines(
            'import jwt\n\n\ndef token_for(claims):\n    return jwt.encode(claims, "s3cr3t-8e1c2f")\n',
            because="it has no name from which the variable could take its own",
        ),
        Declines(
            "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
            '    secret_key: str = "f83hf9-2kd8Ga-19dkw0"\n',
            because="the class reads the environment by itself: the default is what has to go, and all uses with it",
        ),
        Declines(
            'def one():\n    api_key = "f83hf9-2kd8Ga-19dkw0"\n    return api_key\n\n\ndef other():\n'
            '    api_key = "Zk39-dkw8Qa-11vbe0"\n    return api_key\n',
            because="two secrets would take one name in the environment",
        ),
        Declines(
            'SECRET_KEY = "f83hf9-2kd8Ga-19dkw0"\n\nimport os\n\nprint(os.name)\n',
            because="the module is imported below the secret",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Put the variable of the environment in the place of the text."""
        node = node_of(source, finding, ast.Constant)
        assigned = next(iter(enclosing(source.tree, node)), None) if node is not None else None
        if node is None or not isinstance(assigned, ast.Assign | ast.AnnAssign) or assigned.value is not node:
            return None
        name = _variable(assigned)
        if name is None or node.lineno != node.end_lineno or is_in_text(source, node):
            return None
        if _reads_by_itself(source, assigned) or _is_shared(source, node, name) or not means_module(source, "os", node):
            return None
        return Change(
            title=f"Read {name} from the environment",
            reason="The code and its copies hold no secret then, and it is changed without a release. The one that "
            "stands here is known to all who can read the history: replace it where it was issued.",
            edits=(replaced(source, node, f"os.environ[{quoted(source, name)}]"),),
            imports=("os",),
            keeps_contract=False,
            tradeoffs=Tradeoffs(
                f"{name} has to be set before the program starts, which ends in KeyError otherwise; the old secret has "
                "to be replaced all the same",
                "the value is that of a test",
            ),
            conditions=(Condition("it is the value of a name", f"line {node.lineno}"),),
        )


def _variable(assigned: ast.Assign | ast.AnnAssign) -> str | None:
    """Return what the variable is called in the environment: `JWT_SECRET` for `jwtSecret` and `app.jwt_secret`."""
    targets = assigned.targets if isinstance(assigned, ast.Assign) else [assigned.target]
    name = last_name(targets[0]) if len(targets) == 1 else ""
    return "_".join(words_of(name)).upper() if name.isascii() and name else None


def _reads_by_itself(source: Source, assigned: ast.stmt) -> bool:
    """Return whether the class around it takes its values from somewhere, or compares them."""
    above = next(iter(enclosing(source.tree, assigned)), None)
    return isinstance(above, ast.ClassDef) and any(last_name(each).endswith(_OWN_READING) for each in above.bases)


def _is_shared(source: Source, node: ast.Constant, name: str) -> bool:
    """Return whether another text is assigned to what the same variable would stand for."""
    return any(
        _variable(each) == name and constant_text(each.value) not in (None, node.value)
        for each in walk(source.tree)
        if isinstance(each, ast.Assign | ast.AnnAssign)
    )
