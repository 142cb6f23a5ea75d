"""Text that XML, HTML and JSON can all hold."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text, with what XML 1.0 cannot hold replaced by the sign for a lost character.

    That is control characters and lone surrogates, which a learner's program can print and a
    file's name can contain.
    """
    return _NOT_XML.sub("\ufffd", text)
