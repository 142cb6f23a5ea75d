"""The reduced tier in a container that forbids namespaces: what it refuses, and what it holds."""

import json
import textwrap

import pytest

from tests.gradescope import CHAPTER, uploaded
from tests.tools.grade.hostile.hostile_notebooks import (
    EXERCISES,
    OTHERS,
    VICTIM,
    as_bytes,
    solved,
    with_body,
)

PYTHON = "/autograder/venv/bin/python"
GRADE = f"{PYTHON} -m tools grade --chapter {CHAPTER} --isolation reduced --hidden 1"

# Where everybody may write: the usual folders, in one of somebody else's, and deeper than Python
# can follow; a folder that its own owner cannot list is no hindrance to root.
LITTER = """\
for place in ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/tmp/of-all", os.environ["HOME"]):
    open(os.path.join(place, f"litter-{os.getuid()}"), "w").write("litter")
os.chdir(tempfile.mkdtemp(dir="/var/tmp"))
os.mkdir("closed")
open("closed/file", "w")
os.chmod("closed", 0)
for _ in range(0 if hasattr(sys, "left") else 3000):
    os.mkdir("d")
    os.chdir("d")
sys.left = True
"""
OUTLIVES = """\
if not hasattr(sys, "left") and os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        time.sleep(1000)
    os._exit(0)
sys.left = True
"""
COUNT = """\
children = 0
while children < 100 and not hasattr(sys, "counted"):
    try:
        if os.fork() == 0:
            time.sleep(1000)
    except OSError:
        break
    children += 1
sys.counted = True
if children > 16:
    raise RuntimeError(f"{children} children")
"""
BOMB = "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
# In turns, and from a process that is none of the parent's children.
KILLS_ALL = """\
if os.fork() == 0:
    os.setsid()
    while True:
        try:
            os.kill(-1, 9)
        except OSError:
            pass
time.sleep(1000)
"""
# Each within the limit, all together not; and the kernel shows them as root's own.
CHILDREN = """\
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
os.fork()
os.fork()
held = b"x" * (300 << 20)
time.sleep(1000)
"""
HOSTILE = {
    "endless": ("while True:\n    pass", {"timeout"}),
    "bomb": (BOMB, {"timeout", "crashed", "memory"}),
    "counts": (COUNT, {"passed"}),
    "memory": ("held = []\nwhile True:\n    held.append(bytearray(1 << 24))", {"memory", "error"}),
    "children": (CHILDREN, {"memory"}),
    # One file is too large, and several are; which is met first is a matter of the disk's speed.
    "disk": ("open(tempfile.mktemp(), 'wb').write(bytes(1 << 25))", {"error", "memory"}),
    "outlives": (OUTLIVES, {"passed"}),
    "parent": ("os.kill(os.getppid(), 9)", {"error"}),  # it is not permitted
    "kills": (KILLS_ALL, {"timeout", "crashed"}),
    "litter": (LITTER, {"passed"}),
}
# What is left, and whose processes run, when both graders have ended.
LEFT = """
import json, os, pathlib
left = [
    os.path.join(folder, name)
    for top in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/autograder")
    for folder, folders, files in os.walk(top)
    for name in [*folders, *files]
    if os.lstat(os.path.join(folder, name)).st_uid >= 10000
]
running = [
    path.read_text() for path in pathlib.Path("/proc").glob("[0-9]*/status")
    if "\\nUid:\\t0\\t" not in path.read_text()
]
graders = [name for name in os.listdir("/tmp") if name.startswith("grade-")]
print(json.dumps([left, running, graders, os.listdir("/run/grade-users")]))
"""


@pytest.fixture(scope="module")
def container(tmp_path_factory):
    with uploaded(tmp_path_factory.mktemp("reduced")) as made:
        closing = made.run("chmod", "-R", "go-rwx", "/autograder/source")
        assert closing.returncode == 0, closing.stderr
        yield made


def shell(container, script):
    return container.run("bash", "-c", f"cd /autograder/source\n{textwrap.dedent(script)}")


@pytest.fixture(scope="module")
def graded(container):
    """Two graders at once, each with half of the hostile class and two notebooks at a time."""
    for number, (name, (body, _)) in enumerate(HOSTILE.items()):
        container.put(f"class-{number % 2}/{name}.ipynb", as_bytes(with_body(body)))
    container.put("class-0/honest.ipynb", as_bytes(solved()))
    ran = shell(
        container,
        f"""
        chmod go-rwx ../class-*
        mkdir -m 1777 /tmp/of-all
        for half in 0 1; do
            {GRADE} ../class-$half --out ../out-$half --jobs 2 --seconds 4 --memory 500 &
        done >&2
        wait
        {PYTHON} - <<'END'
        {textwrap.indent(LEFT, " " * 8).strip()}
        END
        """,
    )
    results = [json.loads(container.read(f"out-{half}/results.json")) for half in (0, 1)]
    statuses = {
        one["student"]: {
            exercise: found["status"]
            for exercise, found in one["chapters"][CHAPTER]["exercises"].items()
        }
        for half in results
        for one in half["submissions"]
    }
    return ran, results, statuses


def test_honest_work_is_marked_beside_hostile_work(graded):
    assert graded[2]["honest"] == dict.fromkeys(EXERCISES, "passed")


def messages(graded, name):
    """What the student reads of the exercise that hostile code stands in."""
    return [
        one["chapters"][CHAPTER]["exercises"][VICTIM]["message"]
        for half in graded[1]
        for one in half["submissions"]
        if one["student"] == name
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_exercise_harms_itself_alone(graded, name):
    statuses = graded[2][name]
    assert statuses[VICTIM] in HOSTILE[name][1], messages(graded, name)
    assert {exercise: statuses[exercise] for exercise in OTHERS} == dict.fromkeys(OTHERS, "passed")


def test_nothing_is_left(graded):
    assert json.loads(graded[0].stdout.splitlines()[-1]) == [[], [], [], []], graded[0].stderr


def test_every_report_names_the_tier(container, graded):
    assert {half["isolation"] for half in graded[1]} == {"reduced"}
    assert "reduced isolation" in graded[0].stderr
    assert b"There was no sandbox" in container.read("out-0/report.html")
    page = container.read(f"out-0/feedback/honest/{CHAPTER}.html")
    assert b"It was run with reduced isolation." in page


# What must not be seen, each as the option of the command or the project's layout has it.
SECRETS = ("source/solutions", "source/chapters/checks", "one", "results", "keys/key", "keys/store")


def test_nothing_is_graded_where_secrets_are_open(container):
    container.put("one/a.ipynb", as_bytes(solved()))
    ran = shell(
        container,
        f"""
        cd ..
        mkdir -p results keys
        echo {"ab" * 32} >keys/key
        touch keys/store
        chmod -R go+rX source results keys one
        cd source
        {GRADE} ../one --out ../results --key ../keys/key --store ../keys/store
        echo "exit code $?"
        cd ..
        chmod go-rwx source
        find results -type f
        """,
    )
    for secret in SECRETS:
        path = f"/autograder/{secret}"
        told = f"it can look into {path}, which submissions must not see. Run chmod o-rwx {path}."
        assert told in ran.stderr
    assert ran.stderr.count("it can") == len(SECRETS)
    assert ran.stdout == "exit code 2\n"


def test_results_are_made_where_nobody_else_looks(container):
    script = """
        import sys
        sys.path.insert(0, "/autograder/source")
        from pathlib import Path
        from tools.grade.sandbox.reduced import closed_folder
        closed_folder(Path("/autograder/some/results"))
        closed_folder(Path("/autograder/some/results"))
        print(oct(Path("/autograder/some/results").stat().st_mode))
        """
    assert container.run(PYTHON, "-c", textwrap.dedent(script)).stdout == "0o40700\n"


@pytest.mark.parametrize("closed", ["/autograder/venv", "/autograder/venv/lib"])
def test_nothing_is_graded_where_python_is_closed(container, closed):
    container.put("one/a.ipynb", as_bytes(solved()))
    ran = shell(
        container,
        f"""
        chmod go-rwx ../one
        chmod 700 {closed}
        {GRADE} ../one --out ../unreadable
        echo "exit code $?"
        chmod 755 {closed}
        """,
    )
    assert f"chmod o+x {closed}" in ran.stderr
    assert ran.stdout == "exit code 2\n"


def test_where_namespaces_are_forbidden_bubblewrap_names_the_next_step(container):
    container.put("one/a.ipynb", as_bytes(solved()))
    grade = GRADE.replace("reduced", "bubblewrap")
    ran = shell(container, f"{grade} ../one --out ../sandboxed; echo exit code $?")
    assert ran.stdout == "exit code 2\n"
    assert "the sandbox does not start: bwrap: " in ran.stderr
    assert "bash tools/grade/files/allow_bubblewrap.sh" in ran.stderr
    assert "as root with --isolation reduced" in ran.stderr


def test_it_takes_root(container):
    ran = container.run(
        *(
            PYTHON,
            "-c",
            "from tools.grade.sandbox.starting import problem_of; import os; os.setuid(12345)",
        ),
    )
    assert ran.returncode != 0  # the project is not even found
    script = """
        import os, sys
        sys.path.insert(0, "/autograder/source")
        from tools.grade.sandbox.starting import problem_of
        assert problem_of("reduced") is None
        os.setuid(12345)
        print(problem_of("reduced"))
        """
    ran = container.run(PYTHON, "-c", textwrap.dedent(script))
    assert "reduced isolation takes root" in ran.stdout, ran.stderr


def test_no_two_sandboxes_have_one_user(container):
    """Neither in one process nor in forked ones; and one that was killed leaves nothing."""
    script = """
        import os, signal, subprocess, sys, time
        sys.path.insert(0, "/autograder/source")
        from tools.grade.sandbox import users
        from tools.grade.sandbox.reduced import own_folder
        from tools.grade.sandbox.users import _LOCKS, lend_user

        users.secrets.randbelow = lambda count: 7  # all want the same one
        here = [lend_user() for _ in range(3)]
        reader, writer = os.pipe()
        for _ in range(3):
            if os.fork() == 0:
                one = lend_user()
                os.write(writer, b"%d " % one.id)
                time.sleep(1)
                one.give_back()
                os._exit(0)
        for _ in range(3):
            os.wait()
        there = [int(word) for word in os.read(reader, 1000).split()]
        assert len({*there, *(one.id for one in here)}) == 6, (here, there)
        for one in here:
            one.give_back()
        assert not os.listdir(_LOCKS)

        again = lend_user()
        assert again.id == here[0].id
        again.give_back()

        judge = os.fork()
        if judge == 0:
            one = lend_user()
            home = own_folder(one)
            subprocess.run(["touch", f"{home}/file", f"/var/tmp/{one.id}"], user=one.id)
            subprocess.Popen(["sleep", "1000"], user=one.id, start_new_session=True)
            os.write(writer, f"{one.id} {home}".encode())
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(judge, 0)
        left, home = os.read(reader, 1000).decode().split()
        assert os.path.exists(home) and os.path.exists(f"/var/tmp/{left}")
        left = int(left)
        assert list(users._states(left))
        lend_user().give_back()
        assert not [state for state in users._states(left) if state != "Z"]
        assert not os.path.exists(home) and not os.path.exists(f"/var/tmp/{left}")
        print("right")
        """
    ran = container.run(PYTHON, "-c", textwrap.dedent(script))
    assert ran.stdout == "right\n", ran.stderr
