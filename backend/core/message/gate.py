"""The gate every template passes before it may run: what it is made of is looked at, node by node.

Let through are values, comparisons, arithmetic, filters and tests of our own list, `if`, `for` and `set`. Everything
that could reach Python, load something, call something or collect output out of sight is refused by not being listed.
Then three things are rewritten so that they pay as they go: `a ~ b`, `range(…)` and what a `for` runs over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.visitor import NodeTransformer

from backend.core.message.filters import FILTERS
from backend.core.message.problem import Stopped

NODES_MAX = 5_000
TOKENS_MAX = 4 * NODES_MAX
DEPTH_MAX = 60
LOOP_DEPTH_MAX = 2
NUMBER_MAX = 10**15

TESTS = (
    "defined", "undefined", "none", "odd", "even", "divisibleby", "string", "number", "integer", "float", "boolean",
    "mapping", "sequence", "iterable", "in", "true", "false", "lower", "upper",
    "eq", "equalto", "==", "ne", "!=", "gt", "greaterthan", ">", "ge", ">=", "lt", "lessthan", "<", "le", "<=",
)  # fmt: skip

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign, nodes.With, nodes.Scope,
    nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword,
    nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.Concat,
    nodes.CondExpr, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Call,
)  # fmt: skip
_TAGS = {
    nodes.Include: "include", nodes.Import: "import", nodes.FromImport: "from … import", nodes.Extends: "extends",
    nodes.Block: "block", nodes.Macro: "macro", nodes.CallBlock: "call", nodes.FilterBlock: "filter",
    nodes.AssignBlock: "set … endset", nodes.ScopedEvalContextModifier: "autoescape", nodes.Pow: "**",
}  # fmt: skip


class CountedTokens(Extension):
    """Stops the reading of a template that can't pass anyway, before much time has gone into it."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for counted, token in enumerate(stream):
            if counted > TOKENS_MAX:
                raise Refused(f"A template has at most {NODES_MAX:,} parts; this one has more.", token.lineno)
            yield token


class Refused(Stopped):
    """What the gate refuses, with its line."""

    def __init__(self, sentence: str, line: int) -> None:
        super().__init__(sentence)
        self.line = line


def inspect(tree: nodes.Template) -> None:
    """Raise Refused at the first thing that is not let through; works without recursion, however deep the tree is."""
    waiting: deque[tuple[nodes.Node, int, int]] = deque([(tree, 0, 0)])
    counted = 0
    line = 1
    while waiting:
        node, depth, loops = waiting.popleft()
        line = getattr(node, "lineno", None) or line
        counted += 1
        if counted > NODES_MAX:
            raise Refused(f"A template has at most {NODES_MAX:,} parts; this one has more.", line)
        if depth > DEPTH_MAX:
            raise Refused("This is nested too deeply.", line)
        loops += isinstance(node, nodes.For)
        if loops > LOOP_DEPTH_MAX:
            raise Refused(f"Loops can be nested {LOOP_DEPTH_MAX} deep at most.", line)
        _look_at(node, line)
        waiting.extend((child, depth + 1, loops) for child in _children(node))


def pay_as_you_go(tree: nodes.Template) -> nodes.Template:
    """The inspected tree, changed in place so that whatever can grow is charged to the rendering's budget."""
    paying = _Paying().visit(tree)
    assert isinstance(paying, nodes.Template)
    assert tree.environment is not None
    paying.set_environment(tree.environment)
    return paying


def _look_at(node: nodes.Node, line: int) -> None:
    if not isinstance(node, _ALLOWED):
        what = next((tag for kind, tag in _TAGS.items() if isinstance(node, kind)), type(node).__name__.lower())
        raise Refused(f"“{what}” can't be used in a message.", line)
    match node:
        case nodes.Call():
            if not isinstance(node.node, nodes.Name) or node.node.name != "range" or node.kwargs:
                raise Refused("Nothing but range() can be called in a message.", line)
            if node.dyn_args is not None or node.dyn_kwargs is not None:
                raise Refused("range() takes one to three whole numbers.", line)
        case nodes.Filter():
            if node.node is None or node.name not in FILTERS:
                raise Refused(f"There is no filter “{node.name}”.", line)
            if node.dyn_args is not None or node.dyn_kwargs is not None:
                raise Refused("“*” can't be used in a message.", line)
        case nodes.Test():
            if node.name not in TESTS:
                raise Refused(f"There is no test “{node.name}”.", line)
        case nodes.For():
            if node.recursive:
                raise Refused("A loop can't call itself in a message.", line)
        case nodes.Name() | nodes.Getattr():
            name = node.name if isinstance(node, nodes.Name) else node.attr
            if name.startswith("_") or node == nodes.Name("self", "load"):
                raise Refused(f"“{name}” can't be used in a message.", line)
        case nodes.Getitem(arg=nodes.Const(value=str() as key)):
            if key.startswith("__"):
                raise Refused(f"“{key}” can't be used.", line)
        case nodes.Const(value=int() | float() as number):
            if not -NUMBER_MAX <= number <= NUMBER_MAX:
                raise Refused("This number is too large.", line)


def _children(node: nodes.Node) -> Iterator[nodes.Node]:
    """The node's parts; the name in front of a call is no part of its own, since `range` is not a value."""
    return node.iter_child_nodes(exclude=("node",) if isinstance(node, nodes.Call) else ())


def weight(loop: nodes.For) -> int:
    """How many parts one turn of a loop has."""
    count = 1
    waiting: list[nodes.Node] = [*loop.body, *([loop.test] if loop.test is not None else [])]
    while waiting:
        node = waiting.pop()
        count += 1
        waiting.extend(node.iter_child_nodes())
    return count


class _Paying(NodeTransformer):
    """Rewrites what could grow into filters that are charged for it; see filters.INNER."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - the visitor's way to name it
        return self._filter(self.generic_visit(nodes.List(node.nodes, lineno=node.lineno)), "~", [], node.lineno)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        return self._filter(self.generic_visit(nodes.List(node.args, lineno=node.lineno)), "range()", [], node.lineno)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        cost = nodes.Const(weight(node), lineno=node.lineno)
        self.generic_visit(node)
        node.iter = self._filter(node.iter, "each()", [cost], node.lineno)
        return node

    def _filter(self, inner: nodes.Node, name: str, args: list[nodes.Expr], line: int) -> nodes.Filter:
        return nodes.Filter(inner, name, args, [], None, None, lineno=line)
