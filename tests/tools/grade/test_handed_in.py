"""What instructors download, and what strangers put into it."""

import errno
import gc
import os
import socket
import subprocess
import sys
import tempfile
import threading
import unicodedata
from pathlib import Path

import pytest
from archives import a_tar, a_zip
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.grade.submissions.gathering import Limits
from tools.grade.submissions.handed_in import find_handed_in
from tools.grade.submissions.opening import Unreadable, read_regular
from tools.grade.submissions.roster import Roster, RosterProblem, load_roster
from utils.worker.unpacking import Unpacked, UnpackProblem, unpack

ROOT = Path(__file__).resolve().parents[3]
CHAPTER = "08_closed_loop_control"
OTHER = "09_em_reservoir"


def find(*paths, roster=None, **options):
    given = Roster(roster) if roster is not None else None
    options = {"unpack": unpack, "chapters": (CHAPTER, OTHER)} | options
    return find_handed_in([Path(path) for path in paths], given, **options)


def write(folder, *names, content=None):
    """Files that hold their own names, or ``content``."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.fsencode(name) if content is None else content)
    return folder


def pairs(handed_in):
    return [(one.student, one.source) for one in handed_in]


def contents(handed_in):
    return [one.read().decode() for one in handed_in]


def problems(handed_in):
    return [problem for one in handed_in for problem in one.problems]


@pytest.fixture
def folder(tmp_path):
    """The class."""
    (tmp_path / "class").mkdir()
    return tmp_path / "class"


def test_a_class_of_folders_files_and_archives(folder):
    write(folder, f"bob/{CHAPTER}.ipynb", f"bob/deep/in/{OTHER}.ipynb", "bob/notes.txt")
    write(folder, "carol.ipynb", "grades.csv")
    (folder / "alice.tar.gz").write_bytes(a_tar((f"hw/{CHAPTER}.ipynb", b"A"), compression="gz"))
    write(folder / "dave", "hw.zip", content=a_zip((f"{CHAPTER}.ipynb", b"D")))
    found, wrong = find(folder)
    assert pairs(found) == [
        ("alice", f"alice.tar.gz/hw/{CHAPTER}.ipynb"),
        ("bob", f"bob/{CHAPTER}.ipynb"),
        ("bob", f"bob/deep/in/{OTHER}.ipynb"),
        ("carol", "carol.ipynb"),
        ("dave", f"dave/hw.zip/{CHAPTER}.ipynb"),
    ]
    assert contents(found) == [
        *("A", f"bob/{CHAPTER}.ipynb", f"bob/deep/in/{OTHER}.ipynb", "carol.ipynb", "D")
    ]
    assert (problems(found), wrong) == ([], [])


@pytest.mark.parametrize("below", ["", "en/", "work/ja/", "chapters/en/"])
@pytest.mark.parametrize(
    "end", ["", "-Copy1", " (2)", "_1", " - Copy", " copy 2", "のコピー", " - コピー (2)"]
)
def test_a_students_own_folder_is_told_by_its_chapters(tmp_path, below, end):
    write(tmp_path / "alice", f"{below}{CHAPTER}{end}.ipynb", "scratch.ipynb")
    found, wrong = find(tmp_path / "alice")
    assert pairs(found) == sorted(
        [("alice", f"{below}{CHAPTER}{end}.ipynb"), ("alice", "scratch.ipynb")]
    )
    assert wrong == []


def test_a_folder_of_notebooks_with_students_names_is_a_class(folder):
    write(folder, "alice.ipynb", f"{CHAPTER}_bob.ipynb", f"carol_123_{CHAPTER}.ipynb")
    assert [one.student for one in find(folder)[0]] == [
        *(f"{CHAPTER}_bob", "alice", f"carol_123_{CHAPTER}")
    ]


def test_a_notebook_as_path_is_its_stems_or_where_it_says_nothing_its_folders(
    tmp_path, monkeypatch
):
    write(tmp_path, f"alice/{CHAPTER}.ipynb", f"bob/work/en/{CHAPTER} (1).ipynb", "x/carol.ipynb")
    found, _ = find(*tmp_path.rglob("*.ipynb"))
    assert pairs(found) == [
        ("alice", f"{CHAPTER}.ipynb"),
        ("bob", f"{CHAPTER} (1).ipynb"),
        ("carol", "carol.ipynb"),
    ]
    monkeypatch.chdir(tmp_path / "alice")
    assert pairs(find(f"{CHAPTER}.ipynb")[0]) == [("alice", f"{CHAPTER}.ipynb")]
    assert pairs(find(".")[0]) == [("alice", f"{CHAPTER}.ipynb")]


@pytest.mark.parametrize("wrapped", ["", "class-1/"])
def test_an_archive_as_path_is_a_folder_of_the_same_content(tmp_path, wrapped):
    members = [f"{wrapped}alice/a.ipynb", f"{wrapped}bob.ipynb", f"{wrapped}alice/b/c.ipynb"]
    path = tmp_path / "class-1.zip"
    path.write_bytes(a_zip(*((name, name.encode()) for name in members)))
    found, wrong = find(path)
    assert pairs(found) == [
        ("alice", "class-1.zip/alice/a.ipynb"),
        ("alice", "class-1.zip/alice/b/c.ipynb"),
        ("bob", "class-1.zip/bob.ipynb"),
    ]
    assert contents(found) == [members[0], members[2], members[1]]
    assert wrong == []


def test_a_students_archive_as_path(tmp_path):
    (tmp_path / "alice.tgz").write_bytes(a_tar((f"alice/work/en/{CHAPTER}.ipynb", b"A")))
    assert pairs(find(tmp_path / "alice.tgz")[0]) == [
        ("alice", f"alice.tgz/work/en/{CHAPTER}.ipynb")
    ]


def test_what_is_nobodys_work_is_passed_over(folder):
    write(folder, "alice/a.ipynb")
    for name in (".ipynb_checkpoints", "__MACOSX", ".git", ".venv", "node_modules", ".hidden"):
        write(folder, f"{name}/x.ipynb", f"alice/{name}/x.ipynb", f"alice/deep/{name}/x.ipynb")
    write(folder, "._alice.ipynb", "alice/._a.ipynb")
    assert (pairs(find(folder)[0]), find(folder)[1]) == ([("alice", "alice/a.ipynb")], [])


def test_a_folder_without_notebooks_says_what_it_holds_instead(folder):
    write(folder, "alice/report.pdf", "alice/data/x.csv", "bob/b.ipynb", "bob/report.pdf")
    (folder / "carol").mkdir()
    found, wrong = find(folder)
    assert [one.student for one in found] == ["bob"]
    assert wrong == [
        "alice holds no notebook, but alice/report.pdf, alice/data/x.csv.",
        "carol holds no notebook.",
    ]


def test_paths_of_no_use_are_told(tmp_path):
    (tmp_path / "empty").mkdir()
    write(tmp_path, "report.pdf")
    (tmp_path / "empty.zip").write_bytes(a_zip())
    names = ("empty", "missing", "report.pdf", "empty.zip")
    found, wrong = find(*(tmp_path / name for name in names))
    assert found == []
    assert [problem.removeprefix(f"{tmp_path}/") for problem in wrong] == [
        "empty holds no notebook.",
        "missing does not exist.",
        "report.pdf is no notebook, no archive and no folder.",
        "empty.zip holds no notebook.",
    ]


# Rosters


def test_a_roster_names_students_and_tells_who_is_missing(folder):
    write(folder, "s1/a.ipynb", "s2.ipynb", "s2-again.ipynb", "s9.ipynb", "s4.pdf", "s5/x.txt")
    roster = {"s1": "Alice", "s2": "Bob", "s2-again": "Bob", "s3": "Carol"}
    found, wrong = find(folder, roster=roster | {"s4": "Dave", "s5": "Eve"})
    assert [(one.student, one.source, one.problems) for one in found] == [
        ("Alice", "s1/a.ipynb", ()),
        ("Bob", "s2-again.ipynb", ()),
        ("Bob", "s2.ipynb", ()),
        ("s9", "s9.ipynb", ("s9 is not on the roster.",)),
    ]
    assert wrong == [
        "s5 holds no notebook, but s5/x.txt.",
        "Carol is on the roster and handed in nothing.",
        "Dave handed in nothing but s4.pdf, which is no notebook.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "submission,student\nab12,Alice\ncd34.zip,鈴木\n",
        "\ufeffstudent;Group;Submission\r\nAlice;1;ab12.ipynb\r\n鈴木;2;cd34\r\n;;\r\n",
        '"submission"\t"student"\n"ab12"\t"Alice"\n cd34 \t 鈴木 \n\n',
    ],
)
def test_rosters_as_programs_write_them(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode())
    roster = load_roster(path)
    assert roster.students == {"ab12": "Alice", "cd34": "鈴木"}
    assert roster.student("cd34.tar.gz") == "鈴木"
    assert roster.student("ef56") is None


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "no column submission and no column student"),
        (b"submission,name\na,b\n", "no column student. Begin with"),
        (b"submission,student\na,\n", "line 2 lacks a value"),
        (b"submission,student\na\n", "line 2 lacks a value"),
        (b"submission,student\na,A\n\na.zip,B\n", "line 4 gives a to a second student"),
        (b'submission,student\n"a,A\n', "Begin with"),
        ("submission,student\na,鈴木\n".encode("cp932"), 'not in UTF-8. Save it as "CSV UTF-8"'),
    ],
)
def test_a_roster_that_cannot_be_used_is_refused(tmp_path, content, what):
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(RosterProblem) as caught:
        load_roster(path)
    assert what in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_missing_roster_is_told(tmp_path):
    with pytest.raises(RosterProblem, match="No such file"):
        load_roster(tmp_path / "roster.csv")


# Names


def test_one_student_from_several_places_is_told(folder):
    write(folder, "alice/a.ipynb", "alice.ipynb", "bob.ipynb")
    (folder / "alice.zip").write_bytes(a_zip(("z.ipynb", b"")))
    found, _ = find(folder)
    assert [one.student for one in found] == ["alice"] * 3 + ["bob"]
    assert problems(found) == ["alice was handed in more than once: alice, alice.ipynb, alice.zip."]


def test_names_of_macos_and_linux_are_one_students(folder):
    composed, decomposed = "é", unicodedata.normalize("NFD", "é")
    write(folder, f"{composed}/a.ipynb", f"{decomposed}.ipynb")
    found, _ = find(folder, roster={composed: "Émile"})
    assert {one.student for one in found} == {"Émile"}
    assert len(contents(found)) == 2


def test_a_file_that_is_reached_twice_is_handed_in_once(folder, tmp_path):
    write(folder, "alice/a.ipynb", "bob.ipynb")
    (tmp_path / "link").symlink_to(folder)
    found, wrong = find(folder, folder / "bob.ipynb", tmp_path / "link", folder / "alice")
    assert pairs(found) == [("alice", "alice/a.ipynb"), ("bob", "bob.ipynb")]
    assert (problems(found), wrong) == ([], [])


def test_names_that_are_no_text_or_forge_lines_are_shown_by_their_bytes(folder):
    names = [b"\xe9\xff", b"a\nb", b"c\x1b[2J", "e\u202eb".encode()]
    for name in names:
        write(folder / os.fsdecode(name), os.fsdecode(name + b".ipynb"), content=name)
    found, wrong = find(folder)
    assert [one.student for one in found] == ["\\xe9\\xff", "a\\x0ab", "c\\x1b[2J", "e\\u202eb"]
    assert sorted(one.read() for one in found) == sorted(names)
    assert wrong == []


@settings(max_examples=100)
@given(st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=5, unique=True))
def test_any_name_that_the_file_system_takes_is_read(names):
    names = {name.translate(None, b"/\0") for name in names} - {b"", b".", b".."}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in names:
            write(folder / os.fsdecode(b"x" + name), "a.ipynb", content=name)
        found, wrong = find(folder)
        assert sorted(one.read() for one in found) == sorted(names)
        "".join([*wrong, *problems(found), *(one.student + one.source for one in found)]).encode()


# What is not followed, not opened or too much


@pytest.fixture
def secret(tmp_path):
    return write(tmp_path / "secrets", "answers.ipynb", "folder/answers.ipynb", content=b"SECRET")


def test_links_are_told_and_not_followed(folder, secret):
    write(folder, "alice/a.ipynb", "bob/x.txt", "carol/c.ipynb")
    (folder / "alice/b.ipynb").symlink_to(secret / "answers.ipynb")
    (folder / "alice/data").symlink_to("/etc/hostname")
    (folder / "bob/b.ipynb").symlink_to(secret / "answers.ipynb")
    (folder / "carol/more").symlink_to(secret)
    (folder / "dave.ipynb").symlink_to(folder / "carol/c.ipynb")
    (folder / "erin").symlink_to(folder / "carol")
    (folder / "frank.zip").symlink_to(folder / "missing")
    found, wrong = find(folder)
    assert pairs(found) == [
        ("alice", "alice/a.ipynb"),
        ("bob", "bob/b.ipynb"),
        ("carol", "carol/c.ipynb"),
        ("dave", "dave.ipynb"),
        ("erin", "erin"),
        ("frank", "frank.zip"),
    ]
    told = "is a symbolic link, which is not followed."
    assert problems(found) == [f"alice/b.ipynb {told}", f"carol/more {told}"]
    assert wrong == []
    for one in found:
        if one.student in ("alice", "carol"):
            assert one.read() == one.source.encode()
        else:
            with pytest.raises(Unreadable, match=rf"^{one.source} {told}$"):
                one.read()


def test_a_path_may_itself_be_a_link(folder, tmp_path):
    write(folder, "alice/a.ipynb", "b.ipynb")
    (tmp_path / "week-1").symlink_to(folder)
    (tmp_path / "bob.ipynb").symlink_to(folder / "b.ipynb")
    assert contents(find(tmp_path / "week-1")[0]) == ["alice/a.ipynb", "b.ipynb"]
    assert pairs(find(tmp_path / "bob.ipynb")[0]) == [("bob", "bob.ipynb")]
    assert contents(find(tmp_path / "bob.ipynb")[0]) == ["b.ipynb"]


def test_a_notebook_that_becomes_a_link_later_is_not_followed_either(folder, secret):
    write(folder, "alice/a.ipynb")
    found, _ = find(folder)
    (folder / "alice/a.ipynb").unlink()
    (folder / "alice/a.ipynb").symlink_to(secret / "answers.ipynb")
    with pytest.raises(Unreadable, match="symbolic link"):
        found[0].read()


def test_fifos_sockets_and_devices_are_not_opened(folder, monkeypatch):
    write(folder, "alice/a.ipynb")
    os.mkfifo(folder / "alice/b.ipynb")
    os.mkfifo(folder / "bob.ipynb")
    monkeypatch.chdir(folder)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("carol.ipynb")
        found, _ = find(folder)
        assert pairs(found) == [
            *(("alice", "alice/a.ipynb"), ("bob", "bob.ipynb"), ("carol", "carol.ipynb"))
        ]
        assert problems(found) == ["alice/b.ipynb is no regular file."]
        for one in found[1:]:
            with pytest.raises(Unreadable, match="is no regular file"):
                one.read()
        for name in ("bob.ipynb", "carol.ipynb", "/dev/zero", "/"):
            with pytest.raises(Unreadable, match=r"X is no regular file\."):
                read_regular(name, 100, "X")


def test_a_large_file_is_refused_before_it_is_read(folder):
    write(folder, "alice.ipynb", content=b"1" * 100)
    with (folder / "bob.ipynb").open("wb") as file:
        file.truncate(200_000_000_000)
    (folder / "carol.zip").symlink_to("x")
    (folder / "carol.zip").unlink()
    with (folder / "carol.zip").open("wb") as file:
        file.truncate(200_000_000)
    found, _ = find(folder)
    assert found[0].read() == b"1" * 100
    for one, size in zip(found[1:], ("200000", "200"), strict=True):
        with pytest.raises(Unreadable, match=f"is {size} MB; the limit is 100 MB"):
            one.read()


def test_of_very_many_files_and_deep_folders_what_lies_on_top_is_found(folder):
    write(folder, "alice/a.ipynb", "alice/z/z.ipynb", *(f"alice/data/{n}.ipynb" for n in range(50)))
    write(folder, "bob/" + "d/" * 20 + "b.ipynb", "bob/b.ipynb")
    write(folder, *(f"carol/{number}.ipynb" for number in range(12)))
    found, _ = find(folder, limits=Limits(entries=40, depth=4, notebooks=10))
    assert pairs(found)[:3] == [
        *(("alice", "alice/a.ipynb"), ("alice", "alice/z/z.ipynb"), ("bob", "bob/b.ipynb"))
    ]
    assert [one.student for one in found[3:]] == ["carol"] * 10
    assert problems(found) == [
        "alice/data holds more than 37 files and was not looked into.",
        "bob/d/d/d/d lies too deep and was not looked into.",
        "12 notebooks are too many; 10 were looked at.",
    ]


def test_very_many_other_files_in_the_class_take_little_memory(tmp_path):
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from tools.grade.submissions.handed_in import find_handed_in\n"
        "folder = Path(sys.argv[1])\n"
        "for number in range(20_000): (folder / f'{number}.txt').touch()\n"
        "(folder / 'alice.ipynb').touch()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "found, problems = find_handed_in([folder])\n"
        "assert ([one.student for one in found], problems) == (['alice'], [])\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "assert peak < 10_000, f'{peak} kB'\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can stop being root")
def test_what_may_not_be_read_is_told(tmp_path):
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        folder = write(
            Path(place), "alice/a.ipynb", "alice/b/c.ipynb", "bob/b.ipynb", "carol.ipynb"
        )
        folder.chmod(0o755)
        for name in ("alice/b", "bob", "carol.ipynb"):
            (folder / name).chmod(0)
        program = (
            "import os, sys\n"
            "from pathlib import Path\n"
            "from tools.grade.submissions.handed_in import find_handed_in\n"
            "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
            "for one in find_handed_in([Path(sys.argv[1])])[0]:\n"
            "    try:\n"
            "        print(one.student, one.read().decode(), *one.problems)\n"
            "    except Exception as error:\n"
            "        print(one.student, type(error).__name__, error)\n"
        )
        command = [sys.executable, "-c", program, str(folder)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.stderr == ""
        assert done.stdout.splitlines() == [
            "alice alice/a.ipynb alice/b cannot be read: Permission denied.",
            "bob Unreadable bob cannot be read: Permission denied.",
            "carol Unreadable carol.ipynb cannot be read: Permission denied.",
        ]


# Archives


def test_an_archive_that_cannot_be_used_is_told(folder):
    write(folder, "alice.zip", content=b"PK no zip")
    write(folder, "bob/hw.zip", content=b"PK no zip")
    write(folder, "bob/b.ipynb")
    write(folder, "carol.zip", content=a_zip())
    found, wrong = find(folder)
    assert pairs(found) == [
        *(("alice", "alice.zip"), ("bob", "bob/b.ipynb"), ("carol", "carol.zip"))
    ]
    assert [problem.partition(" (")[0] for problem in problems(found)] == [
        "bob/hw.zip is damaged, or no archive"
    ]
    with pytest.raises(Unreadable, match=r"^alice.zip is damaged, or no archive"):
        found[0].read()
    with pytest.raises(Unreadable, match=r"^carol.zip holds no notebook\."):
        found[2].read()
    assert wrong == []


def test_without_a_way_to_open_archives_they_are_told(folder):
    write(folder, "alice.zip", content=a_zip(("a.ipynb", b"")))
    found, _ = find(folder, unpack=None)
    with pytest.raises(Unreadable, match="archives are not opened here"):
        found[0].read()


def test_problems_of_members_are_told(folder):
    write(folder, "alice.zip", content=a_zip(("../x.ipynb", b""), ("a.ipynb", b"A")))
    found, _ = find(folder)
    assert contents(found) == ["A"]
    assert problems(found) == [
        "alice.zip/../x.ipynb has a path that leads out of the archive and was left out."
    ]


def test_archives_are_opened_several_at_a_time_once_each_and_kept_on_disk(folder):
    for number in range(20):
        (folder / f"s{number:02}.zip").touch()
    both, opened = threading.Barrier(2, timeout=60), []

    def slow(name, content):
        opened.append(name)
        both.wait()
        if name == "s07.zip":
            raise UnpackProblem("s07.zip is bad\n.")
        return Unpacked([("a.ipynb", name.encode() * 1000), ("b.ipynb", b"")], ["p"])

    found, _ = find(folder, unpack=slow, jobs=2)
    assert sorted(opened) == [f"s{number:02}.zip" for number in range(20)]
    assert [one.student for one in found] == sorted(
        [f"s{number:02}" for number in range(20) if number != 7] * 2 + ["s07"]
    )
    for one in found:
        if one.student == "s07":
            with pytest.raises(Unreadable, match=r"bad\\x0a"):
                one.read()
        elif one.source.endswith("a.ipynb"):
            assert one.read() == f"{one.student}.zip".encode() * 1000
            assert one.problems == ("p",)
        else:
            assert one.read() == b""


def test_a_full_disk_is_told(folder, monkeypatch):
    write(folder, "alice.zip", content=a_zip(("a.ipynb", b"A")))

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    found, _ = find(folder)
    with pytest.raises(Unreadable, match=r"alice.zip cannot be kept in .*: No space left"):
        found[0].read()


def test_nothing_is_left_of_archives_when_nobody_can_read_them(folder):
    write(folder, "alice.zip", content=a_zip(("a.ipynb", b"A")))
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    found, _ = find(folder)
    assert len(os.listdir("/proc/self/fd")) == before + 1
    del found
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_order_is_the_same_whatever_the_order_of_the_folder(tmp_path):
    names = [f"{letter}/{number}.ipynb" for letter in "zaéb日" for number in range(4)]
    results = []
    for order in (names, names[::-1]):
        folder = write(tmp_path / f"{len(results)}", *order)
        results.append(pairs(find(folder)[0]))
    assert results[0] == results[1] == sorted(results[0])
