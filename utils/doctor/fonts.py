"""A font in which matplotlib can write Japanese."""

from __future__ import annotations

import json
import sys

from utils.doctor.asking import ask
from utils.doctor.finding import NOTE, WELL, Finding, Said, python_command

KNOWN = (
    *("Noto Sans CJK JP", "Noto Sans JP", "Noto Serif CJK JP", "IPAexGothic", "IPAGothic"),
    *("Hiragino Sans", "Hiragino Maru Gothic Pro", "Yu Gothic", "Meiryo", "MS Gothic"),
    *("BIZ UDGothic", "TakaoPGothic", "TakaoGothic", "VL Gothic", "Source Han Sans JP"),
)
_NAMES = """\
import json, sys
from matplotlib import font_manager

known = json.loads(sys.argv[1])
there = {font.name for font in font_manager.fontManager.ttflist}
print(json.dumps([name for name in known if name in there]))
"""
_INSTALL = {
    "linux": "sudo apt install fonts-noto-cjk",
    "darwin": "brew install --cask font-noto-sans-cjk-jp",
}
_FORGET = (
    "import matplotlib, pathlib; "
    "[p.unlink() for p in pathlib.Path(matplotlib.get_cachedir()).glob('fontlist*')]"
)


def look_at_fonts() -> Finding | None:
    """Whether there is one; None where matplotlib is not to be had."""
    answer = ask(_NAMES, json.dumps(KNOWN))
    if not answer.well:
        return None
    found = json.loads(answer.text)
    if found:
        setting = f'plt.rcParams["font.family"] = "{found[0]}"'
        return Finding(
            "font",
            WELL,
            Said(
                f"A font for Japanese in figures: {found[0]} ({setting})",
                f"図に日本語を書けるフォント：{found[0]}（{setting}）",
            ),
        )
    return Finding(
        "font",
        NOTE,
        Said(
            "matplotlib knows no font for Japanese. The course's own labels are English; Japanese "
            "ones of yours would be boxes.",
            "matplotlib が使える日本語フォントがありません。教材の図のラベルは英語ですが、"
            "自分で日本語のラベルを付けると文字が四角になります。",
        ),
        Said(
            "Install one, let matplotlib look again, and restart the kernel:",
            "フォントを入れて matplotlib に探し直させ、カーネルを再起動してください：",
        ),
        "\n".join(filter(None, [_INSTALL.get(sys.platform), python_command("-c", _FORGET)])),
    )
