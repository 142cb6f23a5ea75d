"""Hostile things that a function can do, each with the statuses that its exercise may get.

An attack is the beginning of a function that is right otherwise. Where it gains nothing and breaks
nothing, the answer after it is as right as any: ``passed``. What finds anything that it must not
have raises ``FOUND``, and so does not pass.
"""

from dataclasses import dataclass

PASSED = {"passed"}
FAILED = {"failed"}
ERROR = {"error"}
TIMEOUT = {"timeout"}
MEMORY = {"memory"}
CRASHED = {"crashed"}

# The judge's socket, as hostile code finds it: of the sockets that are open, the connected one.
_CONNECTION = """
import json, os, socket, stat, struct


def connection():
    for number in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return socket.socket(fileno=number)
        except OSError:
            pass
"""
_FRAME = """
def frame(message, arrays=()):
    table = [[array.dtype.name, list(array.shape)] for array in arrays]
    header = json.dumps([message, table]).encode()
    body = b"".join(array.tobytes() for array in arrays)
    return struct.pack(">QI", 12 + len(header) + len(body), len(header)) + header + body
"""
# The body of a lying outcome: a value of zeros, as wrong as can be.
_OUTCOME = """
def outcome(**more):
    number = {"value": {"type": "scalar", "at": "0"}, "arrays": {"0": 0}}
    value = {"tuple": [{"dict": []}, number]}
    told = {"value": value, "raised": None, "misfit": None, "timed_out": False}
    return told | {"printed": "", "warnings": []} | more
"""
# The next exercise, looking for what the one before has left.
_LOOK = """
import os
found = [*os.listdir("/tmp"), *os.listdir("/dev/shm")]
if found:
    raise RuntimeError(found)
"""
_FORGING = _CONNECTION + _FRAME + _OUTCOME


@dataclass(frozen=True)
class Attack:
    """Code in the function, code above it, and what may become of its exercise.

    Several statuses stand where the machine, or the version of Python, decides which limit is met
    first; the comment beside them says so.
    """

    body: str
    statuses: frozenset
    above: str = ""
    elsewhere: str = ""  # in the function of the exercise after it


def _attack(body, *statuses, above="", elsewhere=""):
    return Attack(body, frozenset().union(*statuses), above, elsewhere)


LOOPS = {
    "endless": _attack("while True:\n    pass", TIMEOUT),
    "endless-swallowing": _attack(
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass",
        TIMEOUT,
    ),
    "endless-in-c": _attack("collections.deque(itertools.repeat(0), 0)", TIMEOUT),
    "endless-without-alarm": _attack(
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0)\n"
        "while True:\n    pass",
        TIMEOUT,
    ),
    "endless-all-signals-blocked": _attack(
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True:\n    time.sleep(1)",
        TIMEOUT,
    ),
    "endless-beyond-cpu": _attack(
        "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "for _ in range(3):\n    os.fork()\nwhile True:\n    pass",
        TIMEOUT,
    ),
    "endless-decorator": _attack(
        "pass",
        TIMEOUT,
        above="def forever(function):\n    while True:\n        pass\n\n\n@forever",
    ),
    "printing-without-end": _attack("while True:\n    print('x' * 10**6)", TIMEOUT),
    "trickle": _attack(
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "told = connection()\n"
        "for byte in frame(outcome()):\n    told.send(bytes([byte]))\n    time.sleep(1)",
        TIMEOUT,
        above=_FORGING,
    ),
    "fork-bomb": _attack(
        "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass", TIMEOUT
    ),
    "fork-bomb-of-daemons": _attack(
        "while True:\n    try:\n        if os.fork() == 0:\n            os.setsid()\n"
        "            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "    except OSError:\n        pass",
        TIMEOUT,
    ),
    "thread-bomb": _attack(
        "while True:\n    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()",
        ERROR,  # RuntimeError: can't start new thread
    ),
}

MEMORY_BOMBS = {
    "memory-list": _attack("grown = [0]\nwhile True:\n    grown += grown", MEMORY),
    "memory-numpy": _attack("kept = []\nwhile True:\n    kept.append(np.ones(10**6))", MEMORY),
    "memory-two-gigabytes": _attack("return np.arange(3), np.ones(2**28)", MEMORY),
    "memory-string": _attack("return np.arange(3), 'x' * 10**9", MEMORY),
    # Caught each time: the loop ends by the clock, or somebody else gets the MemoryError.
    "memory-swallowed": _attack(
        "kept = []\nwhile True:\n    try:\n        kept.append(bytearray(10**6))\n"
        "    except MemoryError:\n        pass",
        MEMORY | TIMEOUT,
    ),
    "memory-many-processes": _attack(
        "for _ in range(8):\n    if os.fork() == 0:\n        kept = np.ones(2 * 10**7)\n"
        "        time.sleep(1000)\ntime.sleep(1000)",
        MEMORY,
    ),
    "memory-shared": _attack(
        "kept = []\nwhile True:\n    kept.append(mmap.mmap(-1, 10**8))\n"
        "    kept[-1].write(b'x' * 10**8)",
        MEMORY,
    ),
    "memory-memfd": _attack(
        "kept = []\nwhile True:\n    kept.append(os.memfd_create('x'))\n"
        "    os.write(kept[-1], b'x' * 10**6)",
        MEMORY,
    ),
    "memory-system-v": _attack(
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "while True:\n    if libc.shmget(0, ctypes.c_size_t(10**8), 0o1700) < 0:\n"
        "        raise OSError(ctypes.get_errno(), 'shmget')",
        MEMORY,
    ),
    "memory-pipes": _attack(
        "while True:\n    read, write = os.pipe()\n    os.set_blocking(write, False)\n"
        "    os.write(write, b'x' * 65536)",
        ERROR,  # too many open files
    ),
    "recursion": _attack("def down():\n    return down()\n\ndown()", ERROR),
    # Frames are memory since Python 3.11 and were the machine's stack before; a slow machine runs
    # out of time first.
    "recursion-without-limit": _attack(
        "sys.setrecursionlimit(2**31 - 1)\n\ndef down():\n    return down()\n\ndown()",
        MEMORY | CRASHED | TIMEOUT,
    ),
    "recursion-in-c": _attack(
        "sys.setrecursionlimit(2**31 - 1)\n\n"
        "class Down:\n    def __repr__(self):\n        return repr([self, Down()])\n\n"
        "repr(Down())",
        MEMORY | CRASHED | TIMEOUT,
    ),
}

DISK_FILLERS = {
    "disk-one-file": _attack(
        "with open('/tmp/hostile-was-here', 'wb') as file:\n"
        "    while True:\n        file.write(bytes(10**6))",
        ERROR,
    ),
    "disk-shared-memory": _attack(
        "with open('/dev/shm/hostile-was-here', 'wb') as file:\n"
        "    while True:\n        file.write(bytes(10**6))",
        ERROR,
    ),
    "disk-many-large": _attack(
        "for number in itertools.count():\n"
        "    with open(f'/tmp/hostile-was-here-{number}', 'wb') as file:\n"
        "        file.write(bytes(10**6))",
        ERROR,
    ),
    # An empty file is memory, too: which limit is met first is a matter of the disk's speed.
    "disk-many-empty": _attack(
        "for number in itertools.count():\n"
        "    os.close(os.open(f'/tmp/hostile-was-here-{number}', os.O_CREAT | os.O_WRONLY))",
        TIMEOUT | MEMORY,
    ),
    "disk-deep-folders": _attack(
        "os.chdir(tempfile.mkdtemp(dir='/tmp'))\n"
        "for _ in range(400):\n"
        "    os.mkdir('hostile-was-here')\n    os.chdir('hostile-was-here')",
        PASSED,
        elsewhere=_LOOK,
    ),
    "disk-closed-folder": _attack(
        "place = tempfile.mkdtemp()\nopen(f'{place}/hostile-was-here', 'w').close()\n"
        "os.chmod(place, 0)",
        PASSED,
        elsewhere=_LOOK,
    ),
    "disk-everywhere": _attack(
        "for place in ('/', '/bootcamp', '/bootcamp/utils', '/packages', '/python', '/dev',\n"
        "              '/etc', '/proc', '/usr', '/var/tmp', '/run', '/root', '/home', '/work',\n"
        "              '/tmp/..', '/bootcamp/..', '/proc/1/root', '/proc/1/cwd/..'):\n"
        "    try:\n        open(f'{place}/hostile-was-here', 'w').close()\n"
        "    except OSError:\n        continue\n    raise FOUND(place)",
        PASSED,
    ),
}

VALUES = {
    "value-broadcast": _attack("return np.arange(3), np.broadcast_to(0.0, 10**10)", FAILED),
    "value-broadcast-square": _attack(
        "return np.broadcast_to(0.0, (10**6, 10**6)), np.zeros(3)", FAILED
    ),
    "value-long-list": _attack("return [0.0] * 10**6, [[0.0]] * 10**6", FAILED),
    "value-too-large": _attack("return np.arange(3), np.ones(10**7)", FAILED),
    "value-long-string": _attack("return np.arange(3), 'x' * 10**8", FAILED),
    "value-many-strings": _attack("return np.arange(3), ['x' * 100] * 99_999", FAILED),
    "value-huge-integer": _attack("return np.arange(3), 1 << 10**8", FAILED),
    "value-many-keys": _attack("return {'x' * 99 + str(i): i for i in range(40_000)}, {}", FAILED),
    "value-deep": _attack(
        "value = 1.0\nfor _ in range(10**5):\n    value = [value]\nreturn value, value", FAILED
    ),
    "value-in-itself": _attack("value = []\nvalue.append(value)\nreturn value, value", FAILED),
    # Doubling at each level: every call takes as long as the largest value does.
    "value-of-itself": _attack(
        "value = []\nvalue += [value, value]\nreturn value, value", FAILED | TIMEOUT
    ),
    "value-dict-of-itself": _attack("value = {}\nvalue['v'] = value\nreturn value, value", FAILED),
    "value-object-array": _attack(
        "value = np.empty(2, object)\nvalue[:] = [value, value]\nreturn value, value",
        FAILED | TIMEOUT,
    ),
    "value-objects-broadcast": _attack(
        "value = np.broadcast_to(np.array(None), (10**6, 10**6))\nreturn value, value", FAILED
    ),
    "value-nan": _attack("return np.full(time_steps, np.nan), np.full(time_steps, np.nan)", FAILED),
    "value-infinite": _attack("return np.full(time_steps, np.inf), [np.inf] * time_steps", FAILED),
    "value-records": _attack("return np.zeros(3, [('a', float)]), np.zeros(3, 'M8[s]')", FAILED),
    "value-many-axes": _attack("value = np.zeros((1,) * 32)\nreturn value, value", FAILED),
    "value-generator": _attack("return (i for i in range(2))", FAILED),
    "value-module": _attack("return np, os", FAILED),
    "value-ellipsis": _attack("return ..., ...", FAILED),
    "value-pickle-bomb": _attack(
        "class Bomb:\n    def __reduce__(self):\n"
        "        return os.system, ('touch /tmp/hostile-was-here',)\n\nreturn Bomb(), Bomb()",
        FAILED,
    ),
    "value-lying-array": _attack(
        "value = np.zeros(4).view(Lying)\nreturn value, value",
        FAILED,
        above=(
            "class Lying(np.ndarray):\n"
            "    shape = property(lambda self: (20,))\n"
            "    size = property(lambda self: 20)\n"
            "    __eq__ = __lt__ = __le__ = lambda self, other: True\n"
            "    __array__ = lambda self, *_, **__: np.zeros(20)\n"
            "    __array_ufunc__ = lambda self, *_, **__: np.zeros(20)\n"
            "    __array_finalize__ = lambda self, parent: None\n"
            "    __getitem__ = lambda self, index: 0.0\n"
            "    __hash__ = None\n"
            "    __reduce__ = __reduce_ex__ = lambda self, *_: 1 / 0"
        ),
    ),
    "value-lying-list": _attack(
        "return Lying([7.0]), Lying([7.0])",
        FAILED,
        above=(
            "class Lying(list):\n"
            "    __len__ = lambda self: 20\n"
            "    __iter__ = lambda self: iter([0.0] * 20)\n"
            "    __getitem__ = lambda self, index: 0.0\n"
            "    __eq__ = lambda self, other: True\n"
            "    __array__ = lambda self, *_, **__: np.zeros(20)\n"
            "    __hash__ = None"
        ),
    ),
    "value-lying-number": _attack(
        "return Lying(7.0), Lying(7.0)",
        FAILED,
        above=(
            "class Lying(float):\n"
            "    __eq__ = __lt__ = __le__ = lambda self, other: True\n"
            "    __sub__ = __rsub__ = lambda self, other: 0.0\n"
            "    __float__ = lambda self: 1 / 0\n"
            "    __hash__ = float.__hash__"
        ),
    ),
    "value-lying-tuple": _attack(
        "return Lying((7.0,))",
        FAILED,
        above=(
            "class Lying(tuple):\n"
            "    __len__ = lambda self: 2\n"
            "    __iter__ = lambda self: iter((np.zeros(20), np.zeros(20)))\n"
            "    __getitem__ = lambda self, index: np.zeros(20)"
        ),
    ),
    "value-posing": _attack(
        "return Posing(), Posing()",
        FAILED,
        above=(
            "class Posing:\n"
            "    __class__ = property(lambda self: np.ndarray)\n"
            "    __array__ = lambda self, *_, **__: np.zeros(20)"
        ),
    ),
    "value-raising": _attack(
        "return Raising(), Raising()",
        FAILED,
        above=(
            "class Meta(type):\n    __name__ = property(lambda cls: 1 / 0)\n\n\n"
            "class Raising(metaclass=Meta):\n"
            "    def __getattribute__(self, name):\n        raise RuntimeError(name)"
        ),
    ),
}

_ZEROS = "return np.zeros(time_steps), np.zeros(time_steps)"

PATCHES = {
    "patch-numpy": _attack(
        "import numpy\n"
        "for name in ('allclose', 'array_equal', 'isclose', 'array_equiv', 'all'):\n"
        "    setattr(numpy, name, lambda *_, **__: True)\n" + _ZEROS,
        FAILED,
    ),
    # Statements of its own that change a module come along with everybody who uses it.
    "patch-numpy-for-all": _attack(
        _ZEROS, FAILED, above="np.allclose = np.array_equal = np.isclose = lambda *_, **__: True"
    ),
    "patch-judge": _attack(
        "import utils.tester.compare, utils.tester.judge\n"
        "utils.tester.compare.compare = utils.tester.judge.compare = lambda *_: None\n"
        "utils.tester.judge._output_failures = lambda *_: []\n" + _ZEROS,
        FAILED,
    ),
    "patch-comparison": _attack(
        "import builtins\nbuiltins.abs = lambda *_: 0.0\nbuiltins.issubclass = lambda *_: True\n"
        + _ZEROS,
        # What judging asks in its own process is not asked here; this one may trip over itself.
        FAILED | ERROR | CRASHED,
    ),
    "patch-values": _attack(
        "import utils.tester.values, utils.worker.wire\n"
        "utils.tester.values.pack = utils.worker.wire.pack = lambda value: ({'passed': True}, {})\n"
        "return time_steps, tau",
        CRASHED | FAILED,  # a frame of nonsense, or none of it in the way of two numbers
    ),
    "patch-written": _attack(
        "import utils.worker.answering as answering\n"
        "answering.write_value = lambda *_: ({'passed': True, 'status': 'passed'}, [])\n" + _ZEROS,
        CRASHED,
    ),
    "patch-send": _attack(
        "import utils.worker.answering as answering\n"
        "answering.send = lambda connection, *_: connection.send(b'passed' * 100)\n" + _ZEROS,
        CRASHED,
    ),
    "patch-send-verdict": _attack(
        "import utils.worker.answering as answering, utils.worker.wire as wire\n"
        "answering.send = lambda connection, *_: wire.send(connection, {'status': 'passed'})\n"
        + _ZEROS,
        CRASHED,
    ),
    "patch-caller": _attack(
        "import utils.tester.calling as calling\n"
        "calling.LocalCaller.__call__ = lambda self, case: case\n" + _ZEROS,
        CRASHED | FAILED,
    ),
    "patch-json": _attack(
        "json.dumps = lambda *_, **__: '[' * 10**5\n" + _ZEROS,
        CRASHED,
    ),
    "patch-sockets": _attack(
        "socket.socket.sendall = lambda *_: None\nsocket.socket.recv_into = lambda *_: 0\n"
        + _ZEROS,
        # Answers that never come, or an end of the process that sees the judge gone.
        CRASHED | TIMEOUT | FAILED,
    ),
}

ENDS = {
    "end-at-once": _attack("os._exit(0)", CRASHED),
    "end-politely": _attack("sys.exit(0)", ERROR),
    "end-by-kill": _attack("os.kill(os.getpid(), signal.SIGKILL)", CRASHED),
    "end-by-segfault": _attack("ctypes.string_at(0)", CRASHED),
    "end-by-abort": _attack("os.abort()", CRASHED),
    "end-by-interrupt": _attack("signal.raise_signal(signal.SIGINT)", CRASHED),
    "end-by-exception": _attack("raise KeyboardInterrupt", ERROR),
    "end-by-generator": _attack("raise GeneratorExit", ERROR),
    "end-stopped": _attack("os.kill(os.getpid(), signal.SIGSTOP)", TIMEOUT),
    "signal-everybody": _attack(
        "try:\n    os.kill(-1, signal.SIGKILL)\nexcept ProcessLookupError:\n    pass", PASSED
    ),
    "signal-parent": _attack(
        "for number in (9, 19, 2, 15, 1, 24, *range(1, 65)):\n"
        "    try:\n        os.kill(os.getppid(), number)\n    except OSError:\n        pass",
        PASSED,
    ),
    "signal-group": _attack("signal.signal(15, signal.SIG_IGN)\nos.killpg(0, 15)", PASSED),
    "atexit": _attack(
        "atexit.register(open, '/tmp/hostile-was-here', 'w')\natexit.register(os.kill, 1, 9)",
        PASSED,
    ),
}

FRAMES = {
    "descriptors-closed": _attack("os.closerange(0, 64)", CRASHED),
    "descriptors-garbage": _attack(
        "for number in range(64):\n    try:\n        os.write(number, os.urandom(4096))\n"
        "    except OSError:\n        pass",
        CRASHED,
    ),
    "frame-of-zeros": _attack(
        "for _ in range(40):\n    connection().send(frame(outcome(), [np.zeros(())]))\n" + _ZEROS,
        # A value that lacks the inputs after the call is no outcome.
        CRASHED,
        above=_FORGING,
    ),
    "frame-of-values": _attack(
        "told = json.loads(json.dumps(outcome()))\n"
        "names = ['time_steps', 'tau', 'num_split', 'display']\n"
        "told['value'] = {'tuple': [{'dict': [[name, {'array': 0}] for name in names]},\n"
        "                            {'tuple': [{'array': 0}, {'array': 0}]}]}\n"
        "for _ in range(40):\n"
        "    connection().send(frame(told, [np.zeros(time_steps)]))\n" + _ZEROS,
        CRASHED | FAILED,  # cases differ in the arguments that they give
        above=_FORGING,
    ),
    "frame-of-a-verdict": _attack(
        "connection().send(frame({'status': 'passed', 'passed': True, 'score': 1.0}))\n" + _ZEROS,
        CRASHED,
        above=_FORGING,
    ),
    "frame-of-exabytes": _attack(
        "connection().send(struct.pack('>QI', 10**18, 100) + b'x' * 10**4)\n" + _ZEROS,
        CRASHED,
        above=_FORGING,
    ),
    "frame-of-axes": _attack(
        "header = ('[{},[[\"float64\",[' + ','.join(['9' * 4000] * 900) + ']]]]').encode()\n"
        "connection().sendall(struct.pack('>QI', 12 + len(header), len(header)) + header)\n"
        + _ZEROS,
        CRASHED,
        above=_FORGING,
    ),
    "frame-nested": _attack(
        "header = b'[' * 10**6\n"
        "connection().sendall(struct.pack('>QI', 12 + len(header), len(header)) + header)\n"
        + _ZEROS,
        CRASHED,
        above=_FORGING,
    ),
    "frame-cut": _attack(
        "connection().send(frame(outcome(), [np.zeros(())])[:-9])\nos._exit(0)",
        CRASHED,
        above=_FORGING,
    ),
    "frames-before-the-first-call": _attack(
        _ZEROS,
        CRASHED,
        above=_FORGING
        + "\nsent = [connection().send(frame(outcome(), [np.zeros(())])) for _ in range(40)]\n"
        + "outcome.sent = sent\nmackey_glass_func.sent = sent",
    ),
    "answering-twice": _attack(
        "os.fork()",
        # Two processes answer each call: what comes is of another call, or is torn.
        FAILED | CRASHED | TIMEOUT,
    ),
}

SNOOPING = {
    "processes": _attack(
        "for place in glob.glob('/proc/[0-9]*'):\n"
        "    for name in ('environ', 'cmdline'):\n"
        "        try:\n            told = open(f'{place}/{name}', 'rb').read()\n"
        "        except OSError:\n            continue\n"
        "        for secret in (b'hostile-secret', b'solutions', b'submissions', b'pytest'):\n"
        "            if secret in told:\n                raise FOUND(f'{place}/{name}: {told}')\n"
        "if len(glob.glob('/proc/[0-9]*')) > 2:\n    raise FOUND(os.listdir('/proc'))",
        PASSED,
    ),
    "parent": _attack(
        "for name in ('mem', 'fd', 'environ', 'maps', 'fdinfo', 'auxv', 'stack', 'syscall'):\n"
        "    try:\n        place = f'/proc/{os.getppid()}/{name}'\n"
        "        found = os.listdir(place) if os.path.isdir(place) else open(place, 'rb').read(1)\n"
        "    except OSError:\n        continue\n    raise FOUND(name)\n"
        "libc = ctypes.CDLL(None)\n"
        "handle = os.pidfd_open(os.getppid())\n"
        "for number in range(64):\n"
        "    if libc.syscall(438, handle, number, 0) >= 0:\n        raise FOUND(number)\n"
        "if libc.ptrace(16, os.getppid(), 0, 0) == 0:\n    raise FOUND('ptrace')",
        PASSED,
    ),
    "parent-limits": _attack(
        "for what in (resource.RLIMIT_CPU, resource.RLIMIT_DATA, resource.RLIMIT_NPROC,\n"
        "             resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE):\n"
        "    try:\n        resource.prlimit(os.getppid(), what, (1, 1))\n"
        "    except OSError:\n        continue\n    raise FOUND(what)\n"
        "for call in (lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19),\n"
        "             lambda: os.sched_setscheduler(os.getppid(), 5, os.sched_param(0)),\n"
        "             lambda: os.sched_setaffinity(os.getppid(), {0})):\n"
        "    try:\n        call()\n    except OSError:\n        continue\n    raise FOUND('call')",
        PASSED,
    ),
    "powers": _attack(
        "libc = ctypes.CDLL(None)\n"
        "for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000):\n"
        "    if libc.unshare(flag) == 0:\n        raise FOUND(f'unshare {flag}')\n"
        "if libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0:\n    raise FOUND('mount')\n"
        "for call in (lambda: os.setuid(0), lambda: os.chroot('/tmp'),\n"
        "             lambda: os.chown('/tmp', 0, 0),\n"
        "             lambda: os.mknod('/tmp/x', 0o020666, 0x100),\n"
        "             lambda: os.link('/bootcamp/utils/__init__.py', '/tmp/x')):\n"
        "    try:\n        call()\n    except OSError:\n        continue\n    raise FOUND('call')\n"
        "if os.getuid() == 0 or os.geteuid() == 0 or 0 in os.getgroups():\n    raise FOUND('root')",
        PASSED,
    ),
    "files": _attack(
        "if not getattr(honest, 'looked', False):\n"
        "    honest.looked = True\n"
        "    waiting = ['/']\n"
        "    while waiting:\n"
        "        place = waiting.pop()\n"
        "        try:\n            entries = list(os.scandir(place))\n"
        "        except OSError:\n            continue\n"
        "        for entry in entries:\n"
        "            name, path = entry.name, entry.path\n"
        "            if (name in ('solutions', 'submissions', 'lesson', 'checks.py', 'tools.py')\n"
        "                    or name.endswith(('.answers', '.ipynb', '.sqlite', '.key'))\n"
        "                    or 'hostile' in name or name == 'grade'):\n"
        "                if not path.startswith(('/packages/', '/usr/', '/python/')):\n"
        "                    raise FOUND(path)\n"
        "            if path.startswith('/proc') or path.count('/') > 3 and path.startswith(\n"
        "                    ('/packages/', '/usr/', '/python/')):\n"
        "                continue\n"
        "            if entry.is_dir(follow_symlinks=False):\n"
        "                waiting.append(path)",
        PASSED,
    ),
    "references": _attack(
        "from pathlib import Path\n"
        "from utils.tester.store import load_chapter\n"
        "files = [*Path('/bootcamp').rglob('*.npz'), *Path('/tmp').rglob('*')]\n"
        "if not files:\n    raise FOUND('nothing: is this the sandbox?')\n"
        "for file in files:\n"
        "    for one in load_chapter(file).exercises.values():\n"
        "        if one.cases or one.mistakes or one.outputs:\n            raise FOUND(file)\n"
        "if {one.name for one in Path('/bootcamp').iterdir()} != {'utils', 'chapters'}:\n"
        "    raise FOUND(list(Path('/bootcamp').iterdir()))\n"
        "if len(list(Path('/bootcamp/chapters').rglob('*'))) != 2:\n"
        "    raise FOUND(list(Path('/bootcamp/chapters').rglob('*')))",
        PASSED,
    ),
    "answers": _attack(
        "from utils.tester import load_from_chapter_name\n"
        "told = io.StringIO()\n"
        "sys.stdout = told\n"
        "try:\n"
        "    _, show = load_from_chapter_name('08_closed_loop_control')\n"
        "    show('01_01')\n"
        "except BaseException:\n    pass\n"
        "if 'gn_dot =' in told.getvalue():\n    raise FOUND(told.getvalue())\n"
        "try:\n    import tools\n"
        "except ImportError:\n    pass\nelse:\n    raise FOUND('tools')",
        PASSED,
    ),
    "memory": _attack(
        "for thing in gc.get_objects():\n"
        "    name = type(thing).__name__\n"
        "    if name == 'Case' and (thing.expected or thing.after or thing.extras):\n"
        "        raise FOUND(thing)\n"
        "    if name in ('Mistake', 'Assignment', 'Plan', 'Fingerprint'):\n"
        "        raise FOUND(name)\n"
        "frame = sys._getframe()\n"
        "while frame:\n"
        "    for name in ('expected', 'tolerance', 'hidden', 'reference', 'key'):\n"
        "        if frame.f_locals.get(name) is not None:\n"
        "            raise FOUND((frame.f_code.co_name, name))\n"
        "    frame = frame.f_back",
        PASSED,
    ),
    "tracing": _attack(
        "def trace(frame, event, told):\n"
        "    for name in ('expected', 'tolerance', 'hidden', 'reference'):\n"
        "        if frame.f_locals.get(name, ()) not in (None, ()):\n"
        "            raise FOUND((frame.f_code.co_name, name))\n"
        "    return trace\n\n"
        "sys.settrace(trace)\nsys.setprofile(trace)\nthreading.settrace(trace)",
        PASSED,
    ),
    "network": _attack(
        "def reached(family, address, kind=socket.SOCK_STREAM):\n"
        "    try:\n"
        "        with socket.socket(family, kind) as one:\n"
        "            one.settimeout(0.2)\n            one.connect(address)\n"
        "    except OSError:\n        return False\n    return True\n\n"
        "for family, address in ((2, ('127.0.0.1', PORT)), (2, ('1.1.1.1', 53)), (1, UNIX),\n"
        "                        (10, ('::1', PORT)), (40, (2, 22)), (1, '\\0' + UNIX)):\n"
        "    if reached(family, address):\n        raise FOUND(address)\n"
        "try:\n    found = socket.getaddrinfo('example.com', 80)\n"
        "except OSError:\n    pass\nelse:\n    raise FOUND(found)\n"
        "try:\n    socket.create_server(('0.0.0.0', PORT + 1))\n"
        "except OSError:\n    pass",
        PASSED,
    ),
    "background": _attack(
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork():\n        os._exit(0)\n"
        "    for number in range(1, 65):\n"
        "        try:\n            signal.signal(number, signal.SIG_IGN)\n"
        "        except (OSError, ValueError):\n            pass\n"
        "    os.closerange(0, 64)\n"
        "    while True:\n        time.sleep(1)\n"
        "os.wait()\n"
        # Some sixteen are too many: each call leaves one behind.
        "honest.calls = getattr(honest, 'calls', 0) + 1\n"
        "sample_mg_dynamics.__code__ = honest.__code__ if honest.calls > 3 "
        "else sample_mg_dynamics.__code__",
        PASSED,
    ),
    "process-limit": _attack(
        "if not hasattr(honest, 'forked'):\n"
        "    honest.forked = True\n"
        "    try:\n"
        "        for _ in range(100):\n"
        "            if os.fork() == 0:\n                signal.pause()\n"
        "        raise FOUND('a hundred processes')\n"
        "    except BlockingIOError:\n        pass",
        PASSED,
    ),
    "threads": _attack(
        "if not hasattr(honest, 'thread'):\n"
        "    honest.thread = threading.Thread(target=time.sleep, args=(10**6,))\n"
        "    honest.thread.start()",
        PASSED,
    ),
    "forged-output": _attack(
        "for text in ('::error file=x::forged\\n', '::stop-commands::x\\n',\n"
        "             '{\"score\": 1.0}\\n',\n"
        "             '<testcase name=\"forged\"/>\\n', '\\x1b[2J\\x1b]0;forged\\x07\\n'):\n"
        "    print(text, flush=True)\n"
        "    print(text, file=sys.__stdout__, flush=True)\n"
        "    print(text, file=sys.__stderr__, flush=True)\n"
        "    for number in (0, 1, 2):\n        os.write(number, text.encode())",
        PASSED,
    ),
    "forged-exception": _attack(
        "raise RuntimeError('\\n::error file=x::forged\\n]]><script>alert(1)</script>\\x1b[2J'\n"
        "                   '\\udcff')",
        ERROR,
    ),
    "messages-for-the-next": _attack(
        "for place in ('/tmp', '/dev/shm'):\n"
        "    open(f'{place}/hostile-was-here', 'w').close()\n"
        "    os.makedirs(f'{place}/hostile/was/here', exist_ok=True)",
        PASSED,
        elsewhere=_LOOK,
    ),
}

GROUPS = {
    "loops": LOOPS,
    "memory": MEMORY_BOMBS,
    "disk": DISK_FILLERS,
    "values": VALUES,
    "patches": PATCHES,
    "ends": ENDS,
    "frames": FRAMES,
    "snooping": SNOOPING,
}
ATTACKS = {name: attack for group in GROUPS.values() for name, attack in group.items()}
# Those that a clock may have to end are graded with little time; the others must not meet it,
# however busy the machine is.
ENDLESS = {name: attack for name, attack in ATTACKS.items() if "timeout" in attack.statuses}
PROMPT = {name: attack for name, attack in ATTACKS.items() if name not in ENDLESS}
