"""System calls that no exercise needs, refused by the kernel: what sandboxes leave open.

New namespaces (in one of its own a process could fill memory that no limit counts), mounts, other
processes' memory, files and limits, the network, memory that need not be any process's (shared
anonymous maps, memfd, System V), and the parts of the kernel where most holes are found.
A filter cannot be taken back, and every child inherits it. It is written in classic BPF; see
seccomp(2) and the kernel's Documentation/userspace-api/seccomp_filter.rst.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct

# Name: number on x86-64, on 64-bit ARM.
_REFUSED = {
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "open_by_handle_at": (304, 265),
    "socket": (41, 198),  # pairs of sockets are another call
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "kcmp": (312, 272),
    "process_madvise": (440, 440),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "setpriority": (141, 140),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "ioprio_set": (251, 30),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
}
# Of these it is said that there is no memory left.
_NO_MEMORY = {"shmget": (29, 194), "memfd_create": (319, 279), "memfd_secret": (447, 447)}
_MMAP, _PRLIMIT = (9, 222), (302, 261)
_MAP_SHARED, _MAP_ANONYMOUS = 0x01, 0x20
_CLONE, _CLONE3 = (56, 220), (435, 435)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_X32 = 0x40000000  # bit of a second set of numbers on x86-64, which is refused as a whole
# Flags of clone for new namespaces: mounts, cgroups, hosts, IPC, users, processes, network.
_NEW_NAMESPACES = 0x7E020000

# Offsets in struct seccomp_data, operations of BPF, what a filter may return.
_NUMBER, _MACHINE, _FIRST_ARGUMENT, _FOURTH_ARGUMENT = 0, 4, 16, 40
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_MODE_FILTER = 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def confine(shared_maps: bool = True) -> bool:
    """Refuse these calls to this process and all that it will start; False on other machines.

    Args:
        shared_maps: whether files may be mapped so that others see what is written there. Where
            there is a /dev/zero, such a map is memory that no limit counts.

    Raises:
        OSError: the kernel has no filters.
    """
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if platform.machine() not in _MACHINES:
        return False
    instructions = _filter(*_MACHINES[platform.machine()], shared_maps)
    program = _Program(len(instructions) // 8, instructions)
    _prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(program))
    return True


def keep_to_itself(on: bool) -> None:
    """Whether other processes of this user are kept from this one's memory and files."""
    _prctl(_PR_SET_DUMPABLE, int(not on))


def die_with_parent() -> None:
    """Be killed when the parent ends. Becoming another user undoes it."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of children's children when theirs has ended, as process 1 is anyway."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, *arguments: int) -> None:
    padded = [ctypes.c_ulong(one) for one in (*arguments, 0, 0, 0, 0)[:4]]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, *padded) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _filter(column: int, machine: int, shared_maps: bool) -> bytes:
    """The filter's instructions: eight bytes each, run from the first until one returns."""
    refuse, unknown = _REFUSE | errno.EPERM, _REFUSE | errno.ENOSYS
    no_memory = _REFUSE | errno.ENOMEM
    program = [(_LOAD, 0, 0, _MACHINE), (_IF_EQUAL, 1, 0, machine), (_RETURN, 0, 0, refuse)]
    program += [(_LOAD, 0, 0, _NUMBER), (_IF_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, refuse)]
    for numbers in _REFUSED.values():
        program += [(_IF_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, refuse)]
    for numbers in _NO_MEMORY.values():
        program += [(_IF_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, no_memory)]
    # A map that is shared and anonymous; a memory limit counts neither it nor who holds it.
    program += [(_IF_EQUAL, 0, 5, _MMAP[column]), (_LOAD, 0, 0, _FOURTH_ARGUMENT)]
    some = _MAP_ANONYMOUS if shared_maps else _MAP_ANONYMOUS | _MAP_SHARED
    program += [(_IF_ANY_BIT, 0, 2, some), (_IF_ANY_BIT, 0, 1, _MAP_SHARED)]
    program += [(_RETURN, 0, 0, no_memory), (_RETURN, 0, 0, _ALLOW)]
    # The limits of another process; one's own are those of process 0.
    program += [(_IF_EQUAL, 0, 4, _PRLIMIT[column]), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    program += [(_IF_EQUAL, 0, 1, 0), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, refuse)]
    # Its flags are out of a filter's reach; of "no such call" the C library makes a clone.
    program += [(_IF_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, unknown)]
    program += [(_IF_EQUAL, 1, 0, _CLONE[column]), (_RETURN, 0, 0, _ALLOW)]
    program += [(_LOAD, 0, 0, _FIRST_ARGUMENT), (_IF_ANY_BIT, 0, 1, _NEW_NAMESPACES)]
    program += [(_RETURN, 0, 0, refuse), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
