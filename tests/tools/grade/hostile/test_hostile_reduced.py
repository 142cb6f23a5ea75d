"""Hostile functions in the reduced tier, in a container that forbids namespaces.

Those that meet there something else than in a sandbox: this machine's processes, folders, devices
and network, and a parent of the same user. Several stand in one notebook, each in an exercise of
its own; what one does to the others shows in their marks.
"""

import json
import textwrap

import pytest
from hostile_code import ATTACKS, ERROR, MEMORY, PASSED, TIMEOUT, Attack
from hostile_notebooks import (
    EXERCISES,
    IMPORTS,
    as_bytes,
    exercise_cell,
    solved,
    source_of,
)

from tests.gradescope import CHAPTER, uploaded

PYTHON = "/autograder/venv/bin/python"
ABOVE = "class FOUND(Exception):\n    pass\n\n\n"
FUNCTIONS = {  # the first that each exercise asks for; 02_01 is left to honest work
    "01_01": "sample_mg_dynamics",
    "02_02": "run_train_and_eval",
    "03_01": "rls_update",
    "03_02": "emulate_online",
    "03_03": "emulate_parallel",
}


def attack(body, *statuses):
    return Attack(body, frozenset().union(*statuses))


STOPS_PARENT = attack(
    "try:\n    os.kill(os.getppid(), signal.SIGSTOP)\nexcept OSError:\n    pass\n"
    "else:\n    raise FOUND('the parent is stopped')\n"
    "signal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True:\n    pass",
    TIMEOUT,
)
# Of no process but itself, whoever's: the judge's, another submission's.
READS_OTHERS = attack(
    "for place in set(glob.glob('/proc/[0-9]*')) - {f'/proc/{os.getpid()}'}:\n"
    "    for name in ('environ', 'mem', 'maps', 'fd', 'cwd', 'root', 'exe', 'auxv'):\n"
    "        for look in (os.readlink, os.listdir, lambda path: open(path, 'rb').read(1)):\n"
    "            try:\n                found = look(f'{place}/{name}')\n"
    "            except OSError:\n                continue\n"
    "            if found:\n                raise FOUND(f'{place}/{name}: {found}')\n"  # it ended
    "for place in {*glob.glob('/tmp/grade-home-*')} - {os.environ['HOME']}:\n"
    "    try:\n        found = os.listdir(place)\n"
    "    except OSError:\n        continue\n"
    "    raise FOUND(f'{place}: {found}')",
    PASSED,
)
# Filled, and no longer held by any process: nobody but the machine would count it.
MAPS_ZERO = attack(
    "zero = os.open('/dev/zero', os.O_RDWR)\nkept = []\n"
    "for _ in range(20):\n    kept.append(mmap.mmap(zero, 10**8))\n"
    "    kept[-1].write(b'x' * 10**8)\n    kept[-1].madvise(mmap.MADV_DONTNEED)\n"
    "raise FOUND('two gigabytes')",
    MEMORY,
)
FILLS_HOME = attack(
    "for number in itertools.count():\n"
    "    with open(f'{os.environ[\"HOME\"]}/{number}', 'wb') as file:\n"
    "        file.write(bytes(10**6))\n    time.sleep(0.01)",
    MEMORY,
)
FILLS_SHARED = attack(
    "for number in itertools.count():\n"
    "    os.makedirs(f'/dev/shm/of-{os.getuid()}/{number}')\n"
    "    with open(f'/dev/shm/of-{os.getuid()}/{number}/x', 'wb') as file:\n"
    "        file.write(bytes(10**5))\n    time.sleep(0.001)",
    MEMORY | ERROR,
)
CLOSES_HOME = attack("os.chmod(os.environ['HOME'], 0)", PASSED)
REMOVES_HOME = attack(
    "os.rmdir(os.environ['HOME']) if os.path.exists(os.environ['HOME']) else 0", PASSED
)
WRITES_OUT = attack(
    "for place in ('/tmp', '/var/tmp', '/dev/shm', '/run/lock', '/tmp/of-all'):\n"
    "    open(f'{place}/hostile-was-here-{os.getuid()}', 'w').close()\n"
    "    os.makedirs(f'{place}/hostile-{os.getuid()}/was/here', 0o777, exist_ok=True)",
    PASSED,
)
CONNECTS = attack(
    "for family in (1, 2, 10, 16, 17, 40):\n"
    "    for kind in (1, 2, 3):\n"
    "        try:\n            found = socket.socket(family, kind)\n"
    "        except OSError:\n            continue\n"
    "        raise FOUND(found)",
    PASSED,
)
# Programs that become root for whoever calls them do not, for strangers.
BECOMES_ROOT = attack(
    "from pathlib import Path\n"
    "told = Path(f'/proc/{os.getppid()}/status').read_text()\n"
    "keeper = int(told.partition('\\nUid:')[2].split()[0])\n"
    "told = Path('/proc/self/status').read_text()\n"
    "if 'NoNewPrivs:\\t1' not in told or 'CapEff:\\t0000000000000000' not in told:\n"
    "    raise FOUND(told)\n"
    "for call in (lambda: os.setuid(0), lambda: os.seteuid(0), lambda: os.setgroups([0]),\n"
    "             lambda: os.setuid(keeper), lambda: os.setresuid(-1, -1, keeper),\n"
    "             lambda: os.chown(os.environ['HOME'], 0, 0)):\n"
    "    try:\n        call()\n    except OSError:\n        continue\n    raise FOUND('call')",
    PASSED,
)

CLASS = {
    "signals": {
        "01_01": ATTACKS["background"],
        "02_02": ATTACKS["signal-parent"],
        "03_01": ATTACKS["signal-everybody"],
        "03_02": STOPS_PARENT,
        "03_03": ATTACKS["parent-limits"],
    },
    "memory": {
        "01_01": MAPS_ZERO,
        "02_02": CLOSES_HOME,
        "03_01": FILLS_HOME,
        "03_02": FILLS_SHARED,
        "03_03": ATTACKS["memory-many-processes"],
    },
    "looks": {
        "01_01": READS_OTHERS,
        "02_02": WRITES_OUT,
        "03_01": BECOMES_ROOT,
        "03_02": CONNECTS,
        "03_03": ATTACKS["parent"],
    },
    "bombs": {
        "01_01": ATTACKS["process-limit"],
        "02_02": REMOVES_HOME,
        "03_01": ATTACKS["memory-system-v"],
        "03_02": ATTACKS["fork-bomb-of-daemons"],
        "03_03": ATTACKS["memory-memfd"],
    },
    "honest": {},
}
# Whose processes run, and each file and folder where anybody might write or must not.
LOOK = """
import json, os, pathlib
running = sorted({
    line.split()[1] for path in pathlib.Path("/proc").glob("[0-9]*/status")
    for line in path.read_text().splitlines() if line.startswith("Uid:")
})
files = {}
for top in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/autograder"):
    for folder, folders, names in os.walk(top):
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            told = os.lstat(path)
            files[path] = [told.st_mode, told.st_uid, told.st_size, told.st_mtime_ns]
            if name in folders:  # something was there, and is gone
                files[path] = files[path][:2]
print(json.dumps([running, files]))
"""


def with_attacks(attacks):
    """The solved notebook with an attack at the beginning of each of some exercises' functions."""
    notebook = solved()
    for exercise, one in attacks.items():
        source, name = source_of(notebook, exercise), FUNCTIONS[exercise]
        call = source.index("test_func(")
        assert source.count(f"def {name}(") == 1
        definitions = source[:call].replace(f"def {name}(", "def honest(")
        hostile = f"def {name}(*args, **kwargs):\n{IMPORTS}{textwrap.indent(one.body, '    ')}\n"
        hostile += "    return honest(*args, **kwargs)\n\n\n"
        exercise_cell(notebook, exercise)["source"] = (
            f"{definitions}\n{ABOVE}{one.above}\n{hostile}{source[call:]}"
        )
    return notebook


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """What became of the class, and the machine before and after."""
    with uploaded(tmp_path_factory.mktemp("reduced")) as container:
        for name, attacks in CLASS.items():
            container.put(f"class/{name}.ipynb", as_bytes(with_attacks(attacks)))
        ran = container.run(
            "bash",
            "-c",
            f"""
            export PYTHONDONTWRITEBYTECODE=1
            cd /autograder/source
            chmod -R go-rwx . ../class
            mkdir -m 1777 /tmp/of-all
            mkdir -m 700 ../out /run/grade-users
            {PYTHON} -c '{LOOK}'
            {PYTHON} -m tools grade --chapter {CHAPTER} --isolation reduced --hidden 2 --jobs 2 \\
                --seconds 4 --memory 300 ../class --out ../out >&2
            tr -d '\\n' <../out/results.json && echo
            rm -rf ../out/*
            {PYTHON} -c '{LOOK}'
            """,
        )
        assert ran.stdout.count("\n") == 3, ran.stdout + ran.stderr
        return [json.loads(line) for line in ran.stdout.splitlines()]


def exercises(graded, name):
    """What became of a notebook's exercises, by id."""
    (found,) = [one for one in graded[1]["submissions"] if one["student"] == name]
    return found["chapters"][CHAPTER]["exercises"]


@pytest.mark.parametrize("name", CLASS)
def test_each_fails_itself_alone(graded, name):
    expected = {exercise: PASSED for exercise in EXERCISES}
    expected |= {exercise: one.statuses for exercise, one in CLASS[name].items()}
    wrong = {
        exercise: (found["status"], found["message"])
        for exercise, found in exercises(graded, name).items()
        if found["status"] not in expected[exercise]
    }
    assert not wrong


def test_no_process_is_left(graded):
    assert graded[0][0] == graded[2][0] == ["0"]


def test_no_file_is_left_or_changed(graded):
    assert graded[2][1] == graded[0][1]
