"""EXPLAIN's text format to the object that its JSON format would have been."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from backend_mentor.domain.errors import CellError
from backend_mentor.reading.plans.postgres_names import KINDS

_COST = r"\(cost=(?P<startup>[\d.]+)\.\.(?P<total>[\d.]+) rows=(?P<rows>\d+) width=(?P<width>\d+)\)"
_ACTUAL = (
    r"\((?:actual (?:time=(?P<first>[\d.]+)\.\.(?P<last>[\d.]+) )?rows=(?P<real>[\d.]+) loops=(?P<loops>\d+)"
    r"|(?P<never>never executed))\)"
)
_NODE = re.compile(rf"^(?P<arrow>->\s+)?(?P<title>[A-Z].*?)\s*(?:{_COST})?\s*(?:{_ACTUAL})?$")
_LABEL = re.compile(r"^(?P<name>(?:InitPlan|SubPlan) \S+(?: \(returns .*\))?|CTE .+)$")
_PROPERTY = re.compile(r"^(?P<key>(?:Trigger .+?|[A-Z][A-Za-z /-]*?(?: \d+)?)):(?: +(?P<value>.*))?$")
_TITLE = re.compile(r"^(?P<what>.*?)(?: using (?P<index>\S+|\".*?\"))?(?: on (?P<target>.+))?$")
_JOIN = re.compile(
    r"^(?P<kind>Hash|Merge|Nested Loop)(?: (?P<join>Left|Right|Full|Semi|Anti|Right Semi|Right Anti))?(?: Join)?$"
)
_NAME = r'(?:"(?:[^"]|"")*"|[^\s."]+)'
_TARGET = re.compile(rf"^(?:(?P<namespace>{_NAME})\.)?(?P<relation>{_NAME}(?:\(\))?)(?: (?P<alias>{_NAME}))?$")
_AGGREGATES = {"Aggregate": "Plain", "GroupAggregate": "Sorted", "HashAggregate": "Hashed", "MixedAggregate": "Mixed"}
_PREFIXES: tuple[tuple[str, str, object], ...] = (
    ("Parallel ", "Parallel Aware", True),
    ("Async ", "Async Capable", True),
    ("Partial ", "Partial Mode", "Partial"),
    ("Finalize ", "Partial Mode", "Finalize"),
)
_LISTS = ("Sort Key", "Group Key", "Output", "Presorted Key")
_SECTIONS = ("Planning", "JIT", "Settings", "Query Identifier", "Serialization")
_FRAME = re.compile(r"^\s*(?:QUERY PLAN|\([\d,]+ rows?\)|[-+=|]*-{3,}[-+=|]*|[┌├└─┬┼┴┐┤┘]+)\s*$")


@dataclass(slots=True)
class _Reader:
    """Where the reading stands: the open nodes by their columns, and what the next node is to its parent."""

    entry: dict[str, object] = field(default_factory=dict)
    open: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    label: tuple[int, str] | None = None
    section: dict[str, object] | None = None
    last: tuple[dict[str, object], str] | None = None


def strip_frame(text: str) -> list[str]:
    """Return the lines of a pasted plan without what psql, pgAdmin or a spreadsheet drew around them."""
    lines = [line.rstrip() for line in text.expandtabs().splitlines()]
    lines = [line for line in lines if line.strip() and not _FRAME.match(line.strip().strip("|│\"' "))]
    for left, right in (("|", "|"), ("│", "│"), ('"', '"'), ("", "+"), ("", "↵")):
        if lines and sum(line.lstrip().startswith(left) and line.endswith(right) for line in lines) > len(lines) / 2:
            lines = [_unwrap(line, left, right) for line in lines]
    return [line for line in lines if line.strip() and not _FRAME.match(line)]


def _unwrap(line: str, left: str, right: str) -> str:
    if left and line.lstrip().startswith(left):
        line = line.lstrip()[len(left) :]
    return line.removesuffix(right).rstrip()


def read_explanation(lines: list[str]) -> dict[str, object]:
    """Return `{"Plan": …}` as EXPLAIN (FORMAT JSON) would have; raises CellError with the place."""
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        column = len(line) - len(line.lstrip())
        _read_line(reader, line.strip(), column, number)
    if "Plan" not in reader.entry:
        raise CellError("There is no plan in this text.", "Paste the whole output of EXPLAIN, its first line too.")
    return reader.entry


def _read_line(reader: _Reader, line: str, column: int, number: int) -> None:
    node = _NODE.match(line)
    if not reader.open:
        root = _node_of(node) if node else {}
        # With COSTS OFF a node is a bare name: only one that the server has is taken for a plan.
        if not node or not (node["total"] or str(root["Node Type"]) in KINDS):
            raise _unreadable(line, number)
        reader.entry["Plan"] = root
        reader.open.append((column, root))
        return
    if node is not None and node["arrow"] and column > reader.open[0][0]:
        _open_node(reader, node, column, line, number)
        return
    if (label := _LABEL.match(line)) and column > reader.open[0][0]:
        reader.label = (column, label["name"])
        return
    _read_property(reader, line, column, number)


def _open_node(reader: _Reader, match: re.Match[str], column: int, line: str, number: int) -> None:
    if reader.label and reader.label[0] >= column:
        reader.label = None
    reach = reader.label[0] if reader.label else column
    while reader.open and reader.open[-1][0] >= reach:
        reader.open.pop()
    if not reader.open:
        raise _unreadable(line, number)
    parent = reader.open[-1][1]
    node = _node_of(match)
    siblings = parent.setdefault("Plans", [])
    if not isinstance(siblings, list):
        raise _unreadable(line, number)
    node["Parent Relationship"] = _relationship(parent, siblings, reader.label)
    if reader.label:
        node["Subplan Name"] = reader.label[1]
        reader.label = None
    siblings.append(node)
    reader.open.append((column, node))
    reader.last = None


def _relationship(parent: dict[str, object], siblings: list[object], label: tuple[int, str] | None) -> str:
    if label:
        return "SubPlan" if label[1].startswith("SubPlan") else "InitPlan"
    if str(parent["Node Type"]) in ("Append", "Merge Append", "BitmapAnd", "BitmapOr"):
        return "Member"
    plain = [each for each in siblings if isinstance(each, dict) and "Subplan Name" not in each]
    return "Inner" if plain else "Outer"


def _node_of(match: re.Match[str]) -> dict[str, object]:
    node = _title_of(match["title"])
    if match["total"]:
        node |= {"Startup Cost": float(match["startup"]), "Total Cost": float(match["total"])}
        node |= {"Plan Rows": int(match["rows"]), "Plan Width": int(match["width"])}
    if match["never"]:
        node |= {"Actual Rows": 0, "Actual Loops": 0}
    elif match["real"]:
        node |= {"Actual Rows": float(match["real"]), "Actual Loops": int(match["loops"])}
    if match["last"]:
        node |= {"Actual Startup Time": float(match["first"]), "Actual Total Time": float(match["last"])}
    return node


def _title_of(title: str) -> dict[str, object]:
    """Return `Parallel Index Scan Backward using i on t a` as the JSON format's separate keys."""
    node: dict[str, object] = {"Node Type": "", "Parallel Aware": False}
    found = _TITLE.match(title)
    what = found["what"] if found else title
    for word, key, value in _PREFIXES:
        if what.startswith(word):
            what, node[key] = what.removeprefix(word), value
    if what.endswith(" Backward"):
        what, node["Scan Direction"] = what.removesuffix(" Backward"), "Backward"
    if found and found["index"]:
        node["Index Name"] = _unquote(found["index"])
    _name_kind(node, what)
    if found and found["target"]:
        _name_target(node, found["target"])
    return node


def _name_kind(node: dict[str, object], what: str) -> None:
    join = _JOIN.match(what)
    set_operation = re.match(r"^(Hash)?SetOp (.+)$", what)
    if join and (what.endswith("Join") or what == "Nested Loop"):
        node["Node Type"] = join["kind"] if join["kind"] == "Nested Loop" else f"{join['kind']} Join"
        node["Join Type"] = join["join"] or "Inner"
    elif what in _AGGREGATES:
        node |= {"Node Type": "Aggregate", "Strategy": _AGGREGATES[what]}
    elif set_operation:
        node |= {"Node Type": "SetOp", "Strategy": "Hashed" if set_operation[1] else "Sorted"}
        node["Command"] = set_operation[2]
    elif what in ("Insert", "Update", "Delete", "Merge"):
        node |= {"Node Type": "ModifyTable", "Operation": what}
    else:
        node["Node Type"] = what


def _name_target(node: dict[str, object], target: str) -> None:
    kind = str(node["Node Type"])
    if kind == "Bitmap Index Scan":
        node["Index Name"] = _unquote(target)
        return
    found = _TARGET.match(target)
    if found is None:
        node["Alias"] = target
        return
    key = {"CTE Scan": "CTE Name", "WorkTable Scan": "CTE Name", "Function Scan": "Function Name",
           "Subquery Scan": "Alias", "Values Scan": "Alias"}.get(kind, "Relation Name")  # fmt: skip
    node[key] = _unquote(found["relation"])
    node["Alias"] = _unquote(found["alias"] or found["relation"])
    if found["namespace"]:
        node["Schema"] = _unquote(found["namespace"])


def _read_property(reader: _Reader, line: str, column: int, number: int) -> None:
    found = _PROPERTY.match(line)
    root_column = reader.open[0][0]
    if found is None:
        if reader.last is None:
            raise _unreadable(line, number)
        holder, key = reader.last
        holder[key] = f"{holder[key]} {line}"
        return
    key, value = found["key"], found["value"] or ""
    if column <= root_column:
        _read_footer(reader, key, value)
        return
    if reader.section is not None:
        holder = reader.section
    else:
        holder = next((node for place, node in reversed(reader.open) if place < column), reader.open[0][1])
    _set_property(holder, key, value)
    reader.last = (holder, key) if isinstance(holder.get(key), str) else None


def _read_footer(reader: _Reader, key: str, value: str) -> None:
    reader.last = None
    if key in _SECTIONS:
        reader.section = {} if not value else None
        reader.entry[key] = reader.section if reader.section is not None else value
    elif key.startswith("Trigger "):
        triggers = reader.entry.setdefault("Triggers", [])
        figures = dict(re.findall(r"(time|calls)=([\d.]+)", value))
        if isinstance(triggers, list):
            triggers.append({"Trigger Name": key.removeprefix("Trigger "), "Time": float(figures.get("time", 0)),
                             "Calls": float(figures.get("calls", 0))})  # fmt: skip
    else:
        reader.entry["Execution Time" if key == "Total runtime" else key] = _scalar(value)


def _set_property(holder: dict[str, object], key: str, value: str) -> None:
    if key == "Buffers":
        for kind, figures in re.findall(r"(shared|local|temp)((?: (?:hit|read|dirtied|written)=\d+)+)", value):
            for name, count in re.findall(r"(\w+)=(\d+)", figures):
                holder[f"{kind.title()} {name.title()} Blocks"] = int(count)
        holder.setdefault("Shared Hit Blocks", 0)
    elif key == "Sort Method":
        found = re.match(r"^(.*?)  (Memory|Disk): (\d+)kB$", value)
        holder[key] = found[1] if found else value
        if found:
            holder |= {"Sort Space Type": found[2], "Sort Space Used": int(found[3])}
    elif key in _LISTS:
        holder[key] = _split(value)
    elif "  " in value and ": " in value:
        for part in f"{key}: {value}".split("  "):
            name, _, figure = part.strip().partition(": ")
            holder[name] = _scalar(figure)
    else:
        holder[key] = _scalar(value)


def _scalar(value: str) -> object:
    """Return a number where the text is one, its unit left off, as the JSON format does."""
    found = re.match(r"^(-?\d+(?:\.\d+)?)(?: ?(?:kB|ms))?$", value)
    if found is None:
        return value
    return float(found[1]) if "." in found[1] else int(found[1])


def _split(value: str) -> list[str]:
    """Return the parts of a list, commas within parentheses and quotes left alone."""
    parts, depth, quote, start = [], 0, "", 0
    for place, letter in enumerate(value):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(value[start:place].strip())
            start = place + 1
    return [*parts, value[start:].strip()]


def _unquote(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') and name.endswith('"') else name.removesuffix("()")


def _unreadable(line: str, number: int) -> CellError:
    return CellError(
        f"Line {number} is no part of an EXPLAIN: {line[:80]}",
        "Paste the whole output of EXPLAIN, from its first node on, with its indentation.",
    )
