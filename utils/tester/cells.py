"""The syntax tree of a notebook cell, its magic and shell lines left out."""

from __future__ import annotations

import ast

# Of a syntax tree; what walks through it takes several of Python's thousand frames a level.
DEPTH = 100

# Cell magics whose body runs in the notebook's own namespace.
_BODY_RUNS = frozenset({"capture", "prun", "time"})
# What IPython turns magic and shell lines into: methods of get_ipython().
_MAGIC_CALLS = frozenset({"getoutput", "run_cell_magic", "run_line_magic", "system"})


def parse_cell(source: str) -> ast.Module:
    """Parse a cell as IPython would run it; line numbers are the cell's own.

    Lines such as ``%matplotlib inline``, ``!ls`` and ``files = !ls`` do nothing here; of
    ``%time x = f()`` the statement stays.

    Raises:
        SyntaxError: the cell cannot run.
    """
    try:
        try:
            tree = ast.parse(source)
        except SyntaxError:
            tree = ast.parse(_as_python(source))
        if _is_deeper(tree, DEPTH):
            raise SyntaxError("too deeply nested")
        tree = ast.fix_missing_locations(_Magics().visit(tree))
        compile(tree, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (ValueError, RecursionError, MemoryError) as error:  # null bytes; nesting too deep
        raise SyntaxError(str(error)) from error
    return tree


def _is_deeper(tree: ast.AST, most: int) -> bool:
    level: list[ast.AST] = [tree]
    for _ in range(most):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return bool(level)


def _as_python(source: str) -> str:
    """The cell with magic and shell lines as IPython writes them in Python."""
    from IPython.core.inputtransformer2 import TransformerManager, leading_empty_lines

    lines = source.splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines and lines[first].startswith("%%"):
        if lines[first][2:].partition(" ")[0] not in _BODY_RUNS:
            return ""
        source = "\n".join(["", *lines[:first], *lines[first + 1 :]])
    manager = TransformerManager()
    manager.cleanup_transforms.remove(leading_empty_lines)  # it would shift the line numbers
    return manager.transform_cell(source)


class _Magics(ast.NodeTransformer):
    """Takes magic and shell calls out, and puts what ``%time`` runs in their place."""

    def visit_Expr(self, node: ast.Expr) -> ast.stmt | list[ast.stmt]:
        call = node.value
        if not _is_magic(call):
            return self.generic_visit(node)
        match call.args:
            case [ast.Constant(value="time"), ast.Constant(value=str(code))]:
                statements = ast.parse(code).body
                for inner in (part for one in statements for part in ast.walk(one)):
                    if hasattr(inner, "lineno"):
                        inner.lineno = inner.end_lineno = node.lineno
                return statements or ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Pass(), node)

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        if _is_magic(node.value):
            return ast.copy_location(ast.Pass(), node)
        return self.generic_visit(node)


def _is_magic(node: ast.expr) -> bool:
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython")), attr=method)
        ):
            return method in _MAGIC_CALLS
    return False
