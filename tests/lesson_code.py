"""A chapter's functions and classes, run without its demonstrations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from tools.exercise import HARNESS, Definition
from tools.lesson import read_lesson
from tools.model import chapter_imports


def lesson_code(chapter: str) -> dict[str, Any]:
    """What a solved chapter defines: answers of exercises, and what is given between them.

    Also what is given where an exercise is ready, that is, inside an ``if`` at the top level.
    Without harnesses and advanced answers.
    """
    lesson = read_lesson(chapter)
    namespace: dict[str, Any] = {"__name__": chapter}
    for text in chapter_imports(lesson):
        exec(text, namespace)
    for cell in lesson.cells:
        if cell.kind == "code" and not cell.setup and not cell.answer:
            for node in _definitions(ast.parse(cell.source).body):
                exec(compile(ast.Module([node], []), cell.file, "exec"), namespace)
    return namespace


def _definitions(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If):
            yield from _definitions(node.body)
        elif isinstance(node, Definition) and node.name != HARNESS:
            yield node
