"""The rule serializer-of-all-fields."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.reading.endpoints.wording import listed
from backend_mentor.rules.endpoint.code import constant_text, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_MOST_NAMES = 3


class SerializerOfAllFields:
    """A serializer takes all fields of its table.

    A column that is added later can be read and written by callers from that day on.
    """

    name: ClassVar[str] = "serializer-of-all-fields"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from rest_framework import serializers
            class OrderSerializer(serializers.ModelSerializer):
                class Meta:
                    model = Order
                    fields = "__all__"
            """,
            says="OrderSerializer shows and takes each column of Order",
        ),
        FlagsCode(
            """
            from rest_framework import serializers
            class OrderSerializer(serializers.ModelSerializer):
                class Meta:
                    model = Order
                    fields = "__all__"
            class LineSerializer(serializers.ModelSerializer):
                class Meta:
                    model = Line
                    fields = "__all__"
            """,
            says="each column of Order; so does LineSerializer",
        ),
        PassesCode(
            """
            from rest_framework import serializers
            class OrderSerializer(serializers.ModelSerializer):
                class Meta:
                    model = Order
                    fields = ["id", "total"]
            """,
            because="the fields are listed",
        ),
        PassesCode(
            """
            from rest_framework import serializers
            class OrderSerializer(serializers.ModelSerializer):
                class Meta:
                    model = Order
                    fields = "__all__"
                    read_only_fields = ["owner", "paid"]
            """,
            because="what callers do not write is listed",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first serializer's Meta with all fields, and none of them read-only, and name the others."""
        found = list[tuple[ast.ClassDef, ast.AST, str]]()
        for node in walk(source.tree):
            if not isinstance(node, ast.ClassDef) or not node.name.endswith("Serializer"):
                continue
            metas = [each for each in node.body if isinstance(each, ast.ClassDef) and each.name == "Meta"]
            for meta in metas:
                given = {last_name(each.targets[0]): each for each in meta.body if isinstance(each, ast.Assign)}
                fields = given.get("fields")
                if fields is None or constant_text(fields.value) != "__all__" or "read_only_fields" in given:
                    continue
                table = excerpt(given["model"].value) if "model" in given else "its table"
                found.append((node, fields, table))
        for serializer, where, named in found[:1]:
            yield report(
                self,
                source,
                where,
                what=f"{serializer.name} shows and takes each column of {named}{_likewise(found[1:])}.",
                why="A column that is added later, such as is_staff, is in the interface from that day on "
                "(OWASP API3:2023).",
                instead="List the fields, and those that callers only read in read_only_fields.",
            )


def _likewise(others: list[tuple[ast.ClassDef, ast.AST, str]]) -> str:
    """Return the other serializers by name, with those beyond the third counted."""
    names = [node.name for node, *_ in others]
    if len(names) > _MOST_NAMES:
        names[_MOST_NAMES:] = [f"{len(names) - _MOST_NAMES} more"]
    return f"; so {'do' if len(others) > 1 else 'does'} {listed(names)}" if names else ""
