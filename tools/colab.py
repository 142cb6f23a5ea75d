"""Links that open a published notebook in Google Colab."""

from __future__ import annotations

from tools.settings import REPOSITORY, student_branch

_GITHUB = "https://github.com/"
_COLAB = "https://colab.research.google.com"


def colab_link(chapter: str, lang: str, repository: str = REPOSITORY) -> str | None:
    """The address at which Colab opens a chapter as it was published last.

    None where the repository is not on GitHub, which is where Colab opens public notebooks from.
    """
    if not repository.startswith(_GITHUB):
        return None
    name = repository.removeprefix(_GITHUB).strip("/").removesuffix(".git")
    return f"{_COLAB}/github/{name}/blob/{student_branch(lang)}/chapters/{lang}/{chapter}.ipynb"


def colab_badge(chapter: str, lang: str, repository: str = REPOSITORY) -> str:
    """The link as a picture, in Markdown; nothing where there is none."""
    link = colab_link(chapter, lang, repository)
    if link is None:
        return ""
    words = {"en": "Open in Colab", "ja": "Colab で開く"}[lang]
    return f"[![{words}]({_COLAB}/assets/colab-badge.svg)]({link})"
