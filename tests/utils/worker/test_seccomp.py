"""What the kernel refuses to a worker and its children, each tried in a process of its own."""

import platform
import subprocess
import sys

import pytest

from tools.lesson import ROOT
from utils.worker.seccomp import _MACHINES

SETUP = """
import ctypes, os, socket, subprocess, sys, threading
sys.path.insert(0, {root!r})
from utils.worker.seccomp import confine, keep_to_itself
assert confine()
libc = ctypes.CDLL(None, use_errno=True)
def refused(call):
    try:
        return call() == -1 and ctypes.get_errno() == 1
    except PermissionError:
        return True
"""
REFUSED = {
    "a namespace of users": "libc.unshare(0x10000000)",
    "a namespace of mounts": "libc.unshare(0x00020000)",
    "a child in a namespace of its own": "libc.syscall(56 if X86 else 220, 0x10000011, 0, 0, 0, 0)",
    "the network": "socket.socket() and 0",
    "a socket of the machine's": "socket.socket(socket.AF_UNIX) and 0",
    "a mount": "libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)",
    "tracing": "libc.ptrace(0, 0, 0, 0)",
    "another process's memory": "libc.process_vm_readv(os.getppid(), None, 0, None, 0, 0)",
    "a key ring": "libc.syscall(250 if X86 else 219, 0, 0, 0, 0, 0)",
}
ALLOWED = {
    "a child": "os.waitstatus_to_exitcode(os.wait()[1]) if os.fork() else os._exit(0)",
    "a thread": "(lambda t: (t.start(), t.join()))(threading.Thread(target=int))",
    "a program": "subprocess.run(['true'], check=True)",
    "a pair of sockets": "socket.socketpair()",
    "NumPy": "__import__('numpy').linalg.svd([[1.0, 2.0]])",
}

pytestmark = pytest.mark.skipif(
    platform.machine() not in _MACHINES, reason="no filter is written for this processor"
)


def run(code):
    x86 = f"X86 = {platform.machine() == 'x86_64'}\n"
    return subprocess.run(
        [sys.executable, "-c", SETUP.format(root=str(ROOT)) + x86 + code],
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("what", REFUSED)
def test_refuses(what):
    done = run(f"sys.exit(0 if refused(lambda: {REFUSED[what]}) else 'it was let through')")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("what", ALLOWED)
def test_lets_through_what_exercises_use(what):
    done = run(ALLOWED[what])
    assert done.returncode == 0, done.stderr


def test_files_may_be_mapped_for_oneself_alone_where_devices_are_the_machines():
    code = """
import mmap
from utils.worker.seccomp import confine
zero = os.open("/dev/zero", os.O_RDWR)
mmap.mmap(zero, 4096)
assert confine(shared_maps=False)
mmap.mmap(zero, 4096, flags=mmap.MAP_PRIVATE)[:1] = b"x"
for flags in (mmap.MAP_SHARED, 3):  # 3: MAP_SHARED_VALIDATE
    try:
        mmap.mmap(zero, 4096, flags=flags)
    except OSError as error:
        assert error.errno == 12, error
    else:
        sys.exit("it was let through")
"""
    done = run(code)
    assert done.returncode == 0, done.stderr


def test_children_are_confined_too():
    code = "subprocess.run([sys.executable, '-c', 'import socket; socket.socket()'], check=True)"
    done = run(code)
    assert done.returncode != 0
    assert "PermissionError" in done.stderr


def test_a_process_can_keep_its_memory_and_files_to_itself():
    code = "keep_to_itself(True)\nprint(os.stat('/proc/self/mem').st_uid, os.getuid())"
    hidden = run("os.setresuid(65534, 65534, 65534) if not os.getuid() else 0\n" + code)
    owner, user = hidden.stdout.split()
    assert owner != user
