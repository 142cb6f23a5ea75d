"""A learner's clone: fetching, reading commits, and moving the branch when all is ready."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from utils.tester.text import Text
from utils.update.trees import Tree, UpdateProblem

# Nobody may be there to answer, and messages are looked at.
_SURROUNDINGS = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
_IN_THE_MIDDLE = (
    *("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"),
    *("rebase-merge", "rebase-apply", "BISECT_LOG"),
)
_NOBODY = {"NAME": "bootcamp update", "EMAIL": "update@localhost"}


class GitProblem(UpdateProblem):
    """Git could not do something; its own words are in the message."""


class Repository:
    """The git repository whose top is a workspace."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / self.run("rev-parse", "--git-dir")

    @classmethod
    def at(cls, root: Path) -> Repository | None:
        """The repository, or None: no git, no repository, or one around the workspace."""
        if shutil.which("git") is None:
            return None
        try:
            repository = cls(root)
            top = Path(repository.run("rev-parse", "--show-toplevel"))
            repository.head()
        except GitProblem:
            return None
        return repository if top.resolve() == root.resolve() else None

    def refuse_unfinished(self) -> None:
        """Let the learner end what they have begun.

        Raises:
            UpdateProblem: a merge, a rebase or the like is in the middle.
        """
        busy = [name for name in _IN_THE_MIDDLE if (self.folder / name).exists()]
        if busy or self.run("ls-files", "--unmerged"):
            what = busy[0] if busy else "unmerged files"
            raise UpdateProblem(
                Text(
                    f"Git is in the middle of something here ({what}). Finish it or give it up "
                    "(git merge --abort, git rebase --abort), then run this again.",
                    f"git の作業が途中です（{what}）。完了するか中止してから"
                    "（git merge --abort、git rebase --abort）、もう一度実行してください。",
                )
            )

    def head(self) -> str:
        """The commit that is checked out."""
        return self.run("rev-parse", "--verify", "HEAD^{commit}")

    def branch(self) -> str | None:
        """The branch that is checked out; None where it is a commit or a tag."""
        return self._try("symbolic-ref", "--quiet", "--short", "HEAD")

    def fetch(self, remote: str | None, branch: str) -> str:
        """Fetch the course's newest version; returns its commit.

        Args:
            remote: where from; None for "upstream", else the branch's own, else "origin".
            branch: the course's branch where the one checked out does not follow any.

        Raises:
            UpdateProblem: there is nothing to fetch from, or it cannot be reached.
        """
        remotes = self.run("remote").split()
        here = self.branch()
        own = self._try("config", f"branch.{here}.remote") if here else None
        chosen = [one for one in (remote, "upstream", own, "origin") if one in remotes]
        if not chosen or (remote and remote not in remotes):
            raise UpdateProblem(
                Text(
                    "This clone does not say where the course comes from. Download the new version "
                    "and name it: --from FOLDER or --from FILE.zip",
                    "このクローンには教材の取得元が設定されていません。新しい版をダウンロードして、"
                    "「--from フォルダ」か「--from ファイル.zip」で指定してください。",
                )
            )
        follows = self._try("config", f"branch.{here}.merge") if here else None
        if follows is None or chosen[0] != own:
            follows = f"refs/heads/{branch}"
        self.run("fetch", "--quiet", "--no-tags", chosen[0], follows)
        return self.run("rev-parse", "--verify", "FETCH_HEAD^{commit}")

    def merge_base(self, one: str, other: str) -> str | None:
        """The commit that both come from; None where they share nothing."""
        return self._try("merge-base", one, other)

    def files(self, commit: str, under: str = "") -> Tree:
        """The files of a commit."""
        listing = self.run("ls-tree", "-r", "-z", commit, *([under] if under else []))
        names: dict[str, str] = {}
        for entry in filter(None, listing.split("\0")):
            about, _, path = entry.partition("\t")
            mode, kind, name = about.split()
            if kind == "blob" and mode != "120000":
                names[path] = name
        contents = self._contents(list(names.values()))
        return dict(zip(names, contents, strict=True))

    def versions(self, path: str, most: int = 50) -> list[bytes]:
        """A file as it was in earlier commits, the newest first."""
        commits = self.run("log", f"--max-count={most}", "--format=%H", "--", path).split()
        found = (self._show(f"{commit}:{path}") for commit in commits)
        return [content for content in found if content is not None]

    def changed(self, old: str | None, new: str) -> list[str]:
        """The paths that differ between two commits; all of ``new`` without an old one."""
        if old is None:
            return list(self.files(new))
        listing = self.run("diff", "--name-only", "--no-renames", "-z", old, new)
        return [path for path in listing.split("\0") if path]

    def store(
        self, start: str, changes: Mapping[str, bytes | None], parents: list[str], message: str
    ) -> str:
        """A commit of the files of ``start`` with some changed; no branch moves."""
        with tempfile.TemporaryDirectory() as scratch:
            index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
            self.run("read-tree", start, env=index)
            for path, content in changes.items():
                if content is None:
                    self.run("update-index", "--force-remove", "--", path, env=index)
                    continue
                blob = self.run("hash-object", "-w", "--stdin", given=content)
                about = f"100644,{blob},{path}"
                self.run("update-index", "--add", "--cacheinfo", about, env=index)
            tree = self.run("write-tree", env=index)
        on_top = [part for parent in parents for part in ("-p", parent)]
        return self.run("commit-tree", tree, *on_top, "-m", message, env=self._somebody())

    def notes(self) -> dict[str, str]:
        """What ``take_back`` needs: where the branch is, and a copy of the index."""
        index = self.folder / "index"
        copy = index.with_name("index.before-update")
        if index.exists():
            shutil.copyfile(index, copy)
        ref = self._try("symbolic-ref", "--quiet", "HEAD") or "HEAD"
        return {"ref": ref, "commit": self.head(), "index": str(copy)}

    def move(self, commit: str, notes: Mapping[str, str]) -> None:
        """Let the branch be at ``commit``; the files there are in place already."""
        self.run("update-ref", "-m", "bootcamp update", notes["ref"], commit, notes["commit"])
        self.run("read-tree", commit)
        self._try("update-index", "-q", "--refresh")
        Path(notes["index"]).unlink(missing_ok=True)

    def take_back(self, notes: Mapping[str, str]) -> None:
        """Undo ``move``, done or not."""
        if not notes:
            return
        if Path(notes["index"]).exists():
            os.replace(notes["index"], self.folder / "index")
        else:
            self.run("read-tree", notes["commit"])
        if self.head() != notes["commit"]:
            self.run("update-ref", "-m", "bootcamp update undone", notes["ref"], notes["commit"])

    def fast_forward(self, commit: str) -> None:
        """Git's own fast-forward, files included.

        Raises:
            UpdateProblem: there are commits or changes in the way; nothing was changed.
        """
        self.run("merge", "--quiet", "--ff-only", commit)

    def run(
        self, *arguments: str, env: Mapping[str, str] | None = None, given: bytes | None = None
    ) -> str:
        """What git prints.

        Raises:
            GitProblem: it failed.
        """
        done = self._done(arguments, env, given)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip() or str(done.returncode)
            raise GitProblem(
                Text(
                    f"git {arguments[0]} failed: {said}",
                    f"git {arguments[0]} に失敗しました：{said}",
                )
            )
        return done.stdout.decode("utf-8", "surrogateescape").strip("\n")

    def _try(self, *arguments: str) -> str | None:
        try:
            return self.run(*arguments) or None
        except GitProblem:
            return None

    def _show(self, name: str) -> bytes | None:
        done = self._done(("cat-file", "blob", name), None, None)
        return done.stdout if done.returncode == 0 else None

    def _contents(self, names: list[str]) -> list[bytes]:
        asked = "".join(f"{name}\n" for name in names).encode()
        answer = io.BytesIO(self._done(("cat-file", "--batch"), None, asked).stdout)
        contents = []
        for _ in names:
            size = int(answer.readline().split()[2])
            contents.append(answer.read(size))
            answer.read(1)
        return contents

    def _somebody(self) -> dict[str, str]:
        """A commit needs a name; the learner may have told git none."""
        if self._try("var", "GIT_COMMITTER_IDENT"):
            return {}
        roles = ("AUTHOR", "COMMITTER")
        return {f"GIT_{role}_{key}": value for role in roles for key, value in _NOBODY.items()}

    def _done(
        self, arguments: tuple[str, ...], env: Mapping[str, str] | None, given: bytes | None
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**os.environ, **_SURROUNDINGS, **(env or {})},
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
        )
