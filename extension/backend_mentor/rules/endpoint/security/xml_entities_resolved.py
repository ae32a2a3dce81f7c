"""The rule xml-entities-resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, dotted, is_false, is_true, keyword, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class XmlEntitiesResolved:
    """An XML parser is told to fetch what a document refers to.

    A document can refer to `/etc/passwd`, or to an address inside your network.
    """

    name: ClassVar[str] = "xml-entities-resolved"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "parser = etree.XMLParser(resolve_entities=True)\n", says="`etree.XMLParser` is told to resolve_entities"
        ),
        FlagsCode("parser = etree.XMLParser(no_network=False)\n", says="reach the network"),
        PassesCode("parser = etree.XMLParser(resolve_entities=False)\n", because="it is told not to"),
        PassesCode("parser = etree.HTMLParser()\n", because="HTML has no such entities"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each parser of lxml with the resolving, the loading of definitions or the network switched on."""
        for call in calls(source.tree):
            if last_name(call) not in {"XMLParser", "ETCompatXMLParser", "iterparse"}:
                continue
            asked = next((name for name in ("resolve_entities", "load_dtd") if is_true(keyword(call, name))), None)
            if asked is None and is_false(keyword(call, "no_network")):
                asked = "reach the network"
            if asked is not None:
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{dotted(call.func)}` is told to {asked}.",
                    why="A document can name `file:///etc/passwd` or an address in your network, and gets its text "
                    "(OWASP API8:2023, CWE-611).",
                    instead="Write `etree.XMLParser(resolve_entities=False, no_network=True)`, or use defusedxml.",
                )
