"""What one task may take, set by a process on itself before it runs anything of a stranger."""

from __future__ import annotations

import resource
from dataclasses import dataclass

FILES = 64  # open at a time: pipes and sockets hold memory that no process is seen to hold
OUT_OF_MEMORY = 77  # exit code of a task that had no memory left to say so


@dataclass(frozen=True)
class TaskLimits:
    """Limits of one process and its children, enforced by the system.

    Attributes:
        cpu: seconds of computing, of each process.
        data: bytes of private memory, of each process. Not address space: PyTorch maps 640 MB of
            that by being imported.
        memory: bytes that all processes together hold beyond the parent's own; watched.
        processes: processes and threads at a time.
        file: bytes of a file.
    """

    cpu: int
    data: int
    memory: int
    processes: int
    file: int

    def apply(self) -> None:
        """Bind this process and all that it will start."""
        for what, limit in (
            (resource.RLIMIT_CPU, self.cpu),
            (resource.RLIMIT_DATA, self.data),
            (resource.RLIMIT_NPROC, self.processes),
            (resource.RLIMIT_FSIZE, self.file),
            (resource.RLIMIT_NOFILE, FILES),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(what, (limit, limit))
