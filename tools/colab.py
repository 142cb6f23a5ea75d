"""Where the pages lead outside of the site, told from ``tools.settings``."""

from __future__ import annotations

from tools.settings import REPOSITORY

_GITHUB = "https://github.com/"
_COLAB = "https://colab.research.google.com/github/"


def colab_link(chapter: str, lang: str, repository: str = REPOSITORY) -> str | None:
    """Opens a chapter's notebook of the student branch in Colab.

    Returns:
        None where the repository is not on GitHub, from where alone Colab opens notebooks.
    """
    if not repository.startswith(_GITHUB):
        return None
    owner_and_name = repository.removeprefix(_GITHUB).strip("/").removesuffix(".git")
    return f"{_COLAB}{owner_and_name}/blob/student-{lang}/chapters/{lang}/{chapter}.ipynb"
