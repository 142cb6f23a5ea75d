"""The outputs of executed cells as the pages show them, pictures as files of their own."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode, from_dict

from tools.site import png, space

FOLDER = "figures"
_PLOTLY = "application/vnd.plotly.v1+json"
_WIDGET = "application/vnd.jupyter.widget-view+json"  # a progress bar that has arrived


@dataclass
class Figures:
    """Turns outputs into what a page shows; ``files`` are what it refers to, by path."""

    files: dict[str, bytes] = field(default_factory=dict)
    _drawn: dict[str, bytes | None] = field(default_factory=dict)

    def shown(self, outputs: list[dict[str, Any]]) -> list[NotebookNode]:
        """The outputs without progress bars and warnings, pictures replaced by references.

        Of a picture, ``output.metadata.figure`` holds the path ``src``, ``width`` and ``height`` in
        pixels, ``alt``, and ``turning``, the path of what turns it in three dimensions, or None.
        """
        return [self._show(from_dict(output)) for output in outputs if _is_shown(output)]

    def _show(self, output: NotebookNode) -> NotebookNode:
        data = output.get("data", {})
        if _PLOTLY in data:
            return self._show_in_space(output, data[_PLOTLY])
        if "image/png" in data:
            picture = png.without_remarks(base64.b64decode(data["image/png"]))
            alt = data.get("text/plain", "")
            return self._picture(output, picture, "" if alt.startswith("<") else alt)
        return output

    def _show_in_space(self, output: NotebookNode, figure: dict[str, Any]) -> NotebookNode:
        # A script and not JSON: pages opened from a disk may load scripts and fetch nothing.
        content = json.dumps(figure, sort_keys=True, separators=(",", ":"))
        turning = self._add(f"showInSpace({content});\n".encode(), "js")
        if turning not in self._drawn:  # both languages show the same
            self._drawn[turning] = space.draw(figure)
        picture = self._drawn[turning]
        if picture is None:
            return self._reference(output, {"src": None, "turning": turning})
        return self._picture(output, png.without_remarks(picture), space.describe(figure), turning)

    def _picture(
        self, output: NotebookNode, picture: bytes, alt: str, turning: str | None = None
    ) -> NotebookNode:
        width, height = png.size(picture)
        source = self._add(picture, "png")
        told = {"src": source, "width": width, "height": height, "alt": alt, "turning": turning}
        return self._reference(output, told)

    def _reference(self, output: NotebookNode, told: dict[str, Any]) -> NotebookNode:
        output.data = NotebookNode({"image/png": ""})
        output.metadata = from_dict({"figure": told})
        return output

    def _add(self, content: bytes, suffix: str) -> str:
        """Its name tells its content: equal pictures are one file, and nothing is out of date."""
        path = f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:20]}.{suffix}"
        self.files[path] = content
        return path


def _is_shown(output: dict[str, Any]) -> bool:
    if output["output_type"] == "stream":
        return output["name"] == "stdout" and bool(output["text"].strip())
    return _WIDGET not in output.get("data", {})
