"""YAML gives plain values, and no object that the text names."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.reading.endpoints.trees import calls, full_name, has_unpacked, keyword, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_LOADERS = frozenset({"Loader", "CLoader", "UnsafeLoader", "CUnsafeLoader"})
_BETWEEN = re.compile(r"\s*,\s*(?:Loader\s*=\s*)?")


class YamlOfPlainValues:
    """Write `yaml.load` as `yaml.safe_load`.

    Valid where the loader is one of PyYAML's own. Text that names Python objects is refused from then on, so it is
    offered on its own.
    """

    name: ClassVar[str] = "yaml-of-plain-values"
    answers: ClassVar[tuple[str, ...]] = ("unsafe-deserialisation",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import yaml\n\n\ndef settings(é):\n    return yaml.load(é, Loader=yaml.Loader)  # é\n",
            "import yaml\n\n\ndef settings(é):\n    return yaml.safe_load(é)  # é\n",
        ),
        Fixes(
            "import yaml as y\n\n\ndef names(text):\n    return list(y.load(text, y.UnsafeLoader))\n",
            "import yaml as y\n\n\ndef names(text):\n    return list(y.safe_load(text))\n",
        ),
        Declines(
            "import yaml\n\nclass Own(yaml.Loader): ...\n\ndef read(text):\n    return yaml.load(text, Loader=Own)\n",
            because="a loader of one's own knows tags that the plain one does not",
        ),
        Declines(
            "import yaml\n\n\ndef read(text):\n    return yaml.load(\n        text,  # from the operator\n"
            "        Loader=yaml.Loader,\n    )\n",
            because="a comment stands between, which would be lost",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Call the other function, and leave the loader out."""
        found = _call(source, finding)
        if found is None:
            return None
        call, loader = found
        text, first, whole = source.text, source.span_of(call.args[0]), source.span_of(call)
        end = source.span_of(loader).end
        if not _BETWEEN.fullmatch(text[first.end : source.span_of(loader).start]):
            return None
        if not re.fullmatch(r"\s*,?\s*\)", text[end : whole.end]):
            return None
        name = source.span_of(call.func).end
        return Change(
            title="Read plain values alone with safe_load",
            reason="Texts, numbers, lists and mappings are read as before; a tag that names a Python object is an "
            "error instead of a call.",
            edits=(Edit(name - len("load"), name, "safe_load"), Edit(first.end, whole.end - 1, "")),
            keeps_contract=False,
            tradeoffs=Tradeoffs(
                "a file with tags such as `!!python/object` is refused: write its values plainly",
                "only this process wrote the file, and it holds such objects on purpose",
            ),
            conditions=(Condition(f"the loader is PyYAML's own {last_name(loader)}", f"line {loader.lineno}"),),
        )


def _call(source: Source, finding: Finding) -> tuple[ast.Call, ast.expr] | None:
    """Return the call that loads and its loader: the finding speaks of either."""
    span = finding.place.span
    for call in calls(source.tree):
        if span is None or full_name(source.tree, call.func) != "yaml.load" or has_unpacked(call):
            continue
        loader = call.args[1] if len(call.args) == 2 else keyword(call, "Loader")
        if loader is None or len(call.args) + len(call.keywords) != 2 or last_name(loader) not in _LOADERS:
            continue
        if not isinstance(call.func, ast.Attribute) or not full_name(source.tree, loader).startswith("yaml."):
            continue
        whole = source.span_of(call)
        if whole.start <= span.start and span.end <= whole.end:
            return call, loader
    return None
