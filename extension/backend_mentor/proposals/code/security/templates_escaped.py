"""What a template puts into HTML is escaped."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.calling import keyword_added
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import replaced
from backend_mentor.reading.endpoints.trees import calls, constant_text, full_name, has_unpacked, keyword, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_ESCAPED = (".html", ".htm", ".xml")
_NAMING = frozenset({"get_template", "select_template", "get_or_select_template", "compile_expression"})
_OWN_SIGNS = re.compile(r"(?:block|variable|comment)_(?:start|end)_string")


class TemplatesEscaped:
    """Give an environment of Jinja `autoescape=select_autoescape()`, which escapes in HTML and XML alone.

    Valid where each template that the cell names is HTML or XML by its ending, none is made from a text in the code,
    and the environment keeps Jinja's own signs: those of TeX or of another language are no HTML.
    """

    name: ClassVar[str] = "templates-escaped"
    answers: ClassVar[tuple[str, ...]] = ("template-without-escaping",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "from jinja2 import Environment, FileSystemLoader\n\n"
            "pages = Environment(loader=FileSystemLoader('templates'))  # é\n\n\n"
            "def show(name):\n    return pages.get_template('page.html').render(name=name)\n",
            "from jinja2 import Environment, FileSystemLoader, select_autoescape\n\n"
            "pages = Environment(loader=FileSystemLoader('templates'), autoescape=select_autoescape())  # é\n\n\n"
            "def show(name):\n    return pages.get_template('page.html').render(name=name)\n",
        ),
        Fixes(
            "import jinja2\n\npages = jinja2.Environment(\n    autoescape=False,  # é\n"
            "    loader=jinja2.FileSystemLoader('é'),\n)\n",
            "import jinja2\n\npages = jinja2.Environment(\n    autoescape=jinja2.select_autoescape(),  # é\n"
            "    loader=jinja2.FileSystemLoader('é'),\n)\n",
        ),
        Declines(
            "from jinja2 import Environment, FileSystemLoader\n\nletters = Environment(loader=FileSystemLoader('mail'))"
            "\n\n\ndef letter(name):\n    return letters.get_template('welcome.txt').render(name=name)\n",
            because="a letter of plain text would greet O&#39;Brien, had it the ending of a page",
        ),
        Declines(
            "from jinja2 import Environment\n\nqueries = Environment()\n\n\ndef query(table):\n"
            "    return queries.from_string('SELECT * FROM {{ table }}').render(table=table)\n",
            because="the template is SQL, and a text without a name would be escaped",
        ),
        Declines(
            "from jinja2 import Environment\n\npapers = Environment(\n    block_start_string='<%', "
            "variable_start_string='<<'\n)\n",
            because="the signs are chosen for a language that is not HTML",
        ),
        Declines(
            "from jinja2 import Environment, PackageLoader\n\npages = Environment(loader=PackageLoader('shop'))\n\n\n"
            "def show(name, value):\n    return pages.get_template(name).render(value=value)\n",
            because="the cell does not say what kind of template that is",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the argument, or write it in the place of `False`."""
        call = _environment(source, finding)
        if call is None or not _renders_pages_alone(source, call):
            return None
        root = ast.unparse(call.func.value) + "." if isinstance(call.func, ast.Attribute) else ""
        edit = _edit(source, call, f"{root}select_autoescape()")
        if edit is None:
            return None
        return Change(
            title="Escape what is put into HTML",
            reason="A `<` in a value becomes `&lt;` in templates that end in .html, .htm or .xml, and stays in others.",
            edits=(edit,),
            imports=() if root else ("jinja2.select_autoescape",),
            keeps_contract=False,
            tradeoffs=Tradeoffs(
                "a value that is HTML on purpose is shown as text until it is marked with `| safe` or `Markup`",
                "every value is markup of your own",
            ),
            conditions=(Condition("the templates that the cell names are HTML or XML", "their endings"),),
        )


def _environment(source: Source, finding: Finding) -> ast.Call | None:
    """Return the call that makes the environment: the finding speaks of its name or of its argument."""
    span = finding.place.span
    for call in calls(source.tree):
        if span is None or full_name(source.tree, call.func) != "jinja2.Environment" or has_unpacked(call):
            continue
        whole = source.span_of(call)
        if whole.start <= span.start and span.end <= whole.end:
            return call
    return None


def _renders_pages_alone(source: Source, call: ast.Call) -> bool:
    if any(each.arg and _OWN_SIGNS.fullmatch(each.arg) for each in call.keywords) or call.args:
        return False
    for each in calls(source.tree):
        if last_name(each) == "from_string":
            return False
        if last_name(each) in _NAMING:
            named = constant_text(each.args[0]) if each.args else None
            if named is None or not named.endswith(_ESCAPED):
                return False
    return True


def _edit(source: Source, call: ast.Call, text: str) -> Edit | None:
    given = keyword(call, "autoescape")
    if given is None:
        return keyword_added(source, call, f"autoescape={text}")
    is_off = isinstance(given, ast.Constant) and given.value is False
    return replaced(source, given, text) if is_off else None
