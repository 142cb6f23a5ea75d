"""The site's colours, in light and dark, and how far they stand off from each other."""

from __future__ import annotations

from pygments.token import STANDARD_TYPES, Token

# name: (light, dark). Those of text stand off from every ground they are put on by 4.5 and more
# (WCAG 2, AA); the tests compute it.
GROUNDS = {
    "ground": ("#fdfdfb", "#14171d"),
    "tint": ("#f1f3f6", "#1d222b"),
    "code-ground": ("#f5f6f8", "#1a1e26"),
    "gap": ("#fdf0c8", "#3b3215"),  # lines that a learner fills
}
TEXTS = {
    "text": ("#1d2330", "#e6e9ee"),
    "soft": ("#545d6d", "#a7b0be"),
    "mark": ("#2251b0", "#8fb4ff"),
    "task": ("#8a4b00", "#f0b861"),
}
CODE = {
    "comment": ("#59616f", "#a3adbb"),
    "keyword": ("#86268a", "#d9a6f2"),
    "string": ("#1a6434", "#9fd49a"),
    "number": ("#8c4300", "#f2b680"),
    "function": ("#1f4ba6", "#93b7ff"),
    "builtin": ("#0a5a69", "#84d3de"),
}
OTHERS = {"line": ("#d9dde3", "#333a46"), "focus": ("#c2410c", "#ffb45c")}

_ROLES = {
    Token.Comment: "comment",
    Token.Keyword: "keyword",
    Token.Operator.Word: "keyword",
    Token.Name.Decorator: "keyword",
    Token.Literal.String: "string",
    Token.Literal.Number: "number",
    Token.Name.Function: "function",
    Token.Name.Class: "function",
    Token.Name.Builtin: "builtin",
    Token.Name.Exception: "builtin",
}


def style() -> str:
    """CSS: each colour as a variable, ``--ground``, and the colours of highlighted code."""
    every = GROUNDS | TEXTS | CODE | OTHERS
    variables = "".join(
        f"  --{name}: light-dark({light}, {dark});\n" for name, (light, dark) in every.items()
    )
    rules = "".join(f"{selector} {{ color: var(--{role}); }}\n" for role, selector in _selectors())
    return f":root {{\n{variables}}}\n{rules}"


def contrast(one: str, other: str) -> float:
    """The contrast ratio (WCAG 2) of two colours, from 1 to 21.

    Args:
        one, other: as "#rrggbb".
    """
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    values = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _selectors() -> list[tuple[str, str]]:
    """For each role the classes that Pygments gives its tokens."""
    classes: dict[str, list[str]] = {}
    for token, short in STANDARD_TYPES.items():
        role = next((_ROLES[kind] for kind in reversed(token.split()) if kind in _ROLES), None)
        if role and short:
            classes.setdefault(role, []).append(f".code .{short}")
    return [(role, ", ".join(sorted(found))) for role, found in sorted(classes.items())]
