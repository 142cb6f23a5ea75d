"""A container as Gradescope's and Docker's are: root in it, and no way to a namespace.

Made by bubblewrap, which takes root itself: by ``sudo -n`` where that is somebody else. In it are
this system's programs, read-only, this Python and its packages, and a folder for /autograder.
"""

from __future__ import annotations

import os
import platform
import shutil
import struct
import subprocess
import sys
import sysconfig
from pathlib import Path

# What Docker leaves to root, of what matters here; CAP_SYS_ADMIN is not among it.
_POWERS = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SYS_CHROOT")
_PACKAGES = "/opt/packages"
# AUDIT_ARCH; then unshare, setns and mount, clone, clone3.
_CALLS = {
    "x86_64": (0xC000003E, (272, 308, 165), 56, 435),
    "aarch64": (0xC00000B7, (97, 268, 40), 220, 435),
}
_AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]


class Container:
    """A folder of this machine that is /autograder in a container, which lives as long as a run.

    Args:
        folder: does not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o755)
        self._filter = folder.with_name(f"{folder.name}.bpf")
        self._filter.write_bytes(_without_namespaces())

    def make_environment(self) -> None:
        """/autograder/venv, as ``python -m venv`` and pip would make it."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        (self.folder / "venv/bin").mkdir(parents=True)
        (self.folder / "venv/lib" / version).mkdir(parents=True)
        # Where it was installed: the environment that runs the tests may hold a copy of it.
        home = Path(sys.base_prefix) / "bin"
        (self.folder / "venv/bin/python").symlink_to(home / version)
        (self.folder / "venv/lib" / version / "site-packages").symlink_to(_PACKAGES)
        (self.folder / "venv/pyvenv.cfg").write_text(f"home = {home}\n")

    def run(self, *command: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a command as root, in a fresh container."""
        return subprocess.run(
            [
                *(*_AS_ROOT, "sh", "-c", 'exec bwrap --seccomp 9 "$@" 9<"$0"', self._filter),
                *self._surroundings(),
                *command,
            ],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )

    def read(self, path: str) -> bytes:
        """A file under /autograder, whoever may read it."""
        command = [*_AS_ROOT, "cat", str(self.folder / path)]
        return subprocess.run(command, capture_output=True, check=True).stdout

    def put(self, path: str, content: bytes | str) -> None:
        """Write a file under /autograder, as anybody's."""
        content = content.encode() if isinstance(content, str) else content
        target = str(self.folder / path)
        command = [*_AS_ROOT, "sh", "-c", 'mkdir -p "${0%/*}" && cat >"$0"', target]
        subprocess.run(command, input=content, check=True)

    def clear(self, path: str) -> None:
        """Make an empty folder of one under /autograder."""
        target = str(self.folder / path)
        command = [*_AS_ROOT, "sh", "-c", 'rm -rf -- "$0" && mkdir -p "$0"', target]
        subprocess.run(command, check=True)

    def remove(self) -> None:
        """Remove the folder, whose files are root's by now."""
        subprocess.run([*_AS_ROOT, "rm", "-rf", "--", str(self.folder)], check=True)

    def _surroundings(self) -> list[str]:
        command = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
        command += ["--die-with-parent", "--cap-drop", "ALL"]
        for power in _POWERS:
            command += ["--cap-add", f"CAP_{power}"]
        for name in ("bin", "lib", "lib32", "lib64", "sbin"):
            if os.path.islink(f"/{name}"):
                command += ["--symlink", os.readlink(f"/{name}"), f"/{name}"]
            elif os.path.isdir(f"/{name}"):
                command += ["--ro-bind", f"/{name}", f"/{name}"]
        # What bubblewrap makes on the way to a mount is closed to all but root.
        for folder in (*reversed(Path(sys.base_prefix).parents), Path(_PACKAGES).parent):
            command += ["--perms", "755", "--dir", str(folder)]
        for folder in ("/usr", "/etc", sys.base_prefix):
            command += ["--ro-bind", folder, folder]
        command += ["--ro-bind", sysconfig.get_path("purelib"), _PACKAGES]
        command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/run"]
        for folder in ("/tmp", "/var/tmp", "/run/lock", "/dev/shm"):
            command += ["--perms", "1777", "--tmpfs", folder]
        command += ["--bind", str(self.folder), "/autograder", "--chdir", "/autograder"]
        command += ["--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/root"]
        return [*command, "--"]


def _without_namespaces() -> bytes:
    """A filter of system calls such as Docker's, in the kernel's BPF; see seccomp(2)."""
    machine, refused, clone, clone3 = _CALLS[platform.machine()]
    load, if_equal, if_any_bit, end = 0x20, 0x15, 0x45, 0x06
    allow, refuse, unknown = 0x7FFF0000, 0x00050001, 0x00050026  # EPERM, ENOSYS
    program = [(load, 0, 0, 4), (if_equal, 1, 0, machine), (end, 0, 0, refuse), (load, 0, 0, 0)]
    for number in refused:
        program += [(if_equal, 0, 1, number), (end, 0, 0, refuse)]
    program += [(if_equal, 0, 1, clone3), (end, 0, 0, unknown)]
    program += [(if_equal, 1, 0, clone), (end, 0, 0, allow), (load, 0, 0, 16)]
    program += [(if_any_bit, 0, 1, 0x7E020000), (end, 0, 0, refuse), (end, 0, 0, allow)]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def has_bubblewrap() -> bool:
    return shutil.which("bwrap") is not None
