"""Graders beyond one machine: the workers of a Dask cluster, which run the same function.

Each worker needs the project, its packages and bubblewrap; the scheduler needs Dask alone. All of
them must be trusted: they are told the instructor's key, and run what they are sent.
"""

from __future__ import annotations

import contextlib
import pickle
import queue
import re
import socket
import time
from collections.abc import Generator, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from tools.grade.batch import Finished, Handed, Plan, course_of, grade_one
from tools.grade.sandbox.starting import SandboxError

if TYPE_CHECKING:  # loaded for --dask alone
    from distributed import Client, Future

CONNECTING = 10.0  # seconds
PATIENCE = 60.0  # seconds without any worker: one that was lost may be started anew
LOOK = 2.0  # seconds between looks at what workers there are
WINDOW = 3  # notebooks sent to each thread of a worker, the one it grades included

_ADDRESS = re.compile(r"([a-z]+://)?([^\s/:\[\]]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}")
_START = "In the project's folder: .venv/bin/python -m dask {}; see CONTRIBUTING.md"
_CERTIFICATES = (
    "Name them by DASK_DISTRIBUTED__COMM__TLS__CA_FILE, ..__TLS__CLIENT__CERT and "
    "..__TLS__CLIENT__KEY; see CONTRIBUTING.md"
)
_AGAIN = "What is graded is kept: run the same command again and it goes on from there"


class ClusterError(Exception):
    """The cluster cannot be used; its text is ``address: what. remedy.``"""


class OtherProject(Exception):
    """A worker has another state of the project, or lacks packages: its marks could differ."""


def is_address(text: str) -> bool:
    """Whether it is the address of a scheduler: a protocol, if any, a host and a port."""
    return _ADDRESS.fullmatch(text) is not None


def grade_there(
    plan: Plan, digest: str, handed: Iterable[Handed], address: str
) -> Generator[Finished, None, None]:
    """Grade notebooks on a Dask cluster, in the order in which they finish.

    What a lost worker had is graded by another one.

    Args:
        plan: with what the preflight told.
        digest: the plan's own, which a worker has to come to as well.
        handed: taken as workers become free, so that not all of them are in memory.
        address: of the scheduler, such as ``tcp://192.168.0.10:8786``.

    Raises:
        ClusterError: there is no scheduler, no worker, or one without the same project.
        SandboxError: nothing can be run on a worker.
    """
    with _connected(address) as client:
        yield from _Cluster(client, address, plan, digest).grade(handed)


def grade_one_there(plan: Plan, digest: str, handed: Handed) -> Finished:
    """Grade one notebook, on a worker.

    Raises:
        OtherProject: it would not come to the same marks.
        SandboxError: nothing can be run here.
    """
    host = socket.gethostname()
    try:
        if plan.digest(course_of(plan)) != digest:
            raise OtherProject(host)
        return grade_one(plan, handed)
    except SandboxError as error:
        raise SandboxError(f"worker on {host}: {error}") from None


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Client]:
    from distributed import Client, Security

    certificates = Security().get_connection_args("client").get("ssl_context")
    if address.startswith("tls:") and certificates is None:
        raise ClusterError(f"{address}: TLS takes certificates. {_CERTIFICATES}.")
    try:
        client = Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError) as error:
        told = str(error).partition("\n")[0]
        remedy = _START.format("scheduler")
        raise ClusterError(f"{address}: no Dask scheduler answers ({told}). {remedy}.") from None
    with client:
        yield client


class _Cluster:
    """Notebooks on their way through a cluster."""

    def __init__(self, client: Client, address: str, plan: Plan, digest: str) -> None:
        self.client = client
        self.address = address
        self.plan = plan
        self.digest = digest
        self.done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self.running: dict[str, int] = {}
        self.threads = 0
        self.looked = self.seen = 0.0  # when, and when there was a worker

    def grade(self, handed: Iterable[Handed]) -> Iterator[Finished]:
        waiting, more = iter(handed), True
        if not self._count_threads():
            remedy = _START.format(f"worker {self.address}")
            raise ClusterError(f"{self.address}: the scheduler has no worker. {remedy}.")
        while True:
            self._look()
            while more and len(self.running) < WINDOW * self.threads:
                one = next(waiting, None)
                more = one is not None
                if one is not None:
                    self._submit(one)
            if not more and not self.running:
                return
            with contextlib.suppress(queue.Empty):
                yield self._finished(self.done.get(timeout=LOOK))

    def _submit(self, one: Handed) -> None:
        # The plan goes with each: what a cluster is given once is lost with its worker. As bytes,
        # which the scheduler passes on without reading: it has no project. Not as an argument:
        # Dask may log those of a task that fails, and the key is in it.
        work = pickle.dumps(partial(grade_one_there, self.plan, self.digest, one))
        future = self.client.submit(lambda: pickle.loads(work)(), pure=False)
        self.running[future.key] = one.number
        future.add_done_callback(self.done.put)

    def _finished(self, future: Future) -> Finished:
        from distributed import CancelledError, KilledWorker

        number = self.running.pop(future.key)
        try:
            return future.result()
        except KilledWorker:  # several, each with this notebook
            return Finished(number, None)
        except OtherProject as other:
            raise ClusterError(
                f"{self.address}: the worker on {other} has another state of the project, or lacks "
                f"packages that this one has. Give all machines the same and start it again. "
                f"{_AGAIN}."
            ) from None
        except ImportError as error:
            remedy = _START.format(f"worker {self.address}")
            raise ClusterError(
                f"{self.address}: a worker lacks the project ({error}). {remedy}."
            ) from None
        except CancelledError as error:
            raise ClusterError(f"{self.address}: {error} {_AGAIN}.") from None

    def _look(self) -> None:
        """See from time to time who is there, and give up when nobody has been for long."""
        if time.monotonic() - self.looked < LOOK:
            return
        if self._count_threads():
            return
        if time.monotonic() - self.seen > PATIENCE:
            raise ClusterError(
                f"{self.address}: no worker has been left for {PATIENCE:.0f} s. Start some. "
                f"{_AGAIN}."
            )

    def _count_threads(self) -> int:
        try:
            threads = sum(self.client.nthreads().values())
        except (OSError, TimeoutError) as error:
            raise ClusterError(
                f"{self.address}: the scheduler is gone ({error}). {_AGAIN}."
            ) from None
        self.looked = time.monotonic()
        if threads:
            self.threads, self.seen = threads, self.looked
        return threads
