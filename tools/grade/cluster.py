"""Graders beyond one machine: the workers of a Dask cluster, which run the same function.

Each worker needs the project, its packages and bubblewrap, and must be trusted: it is told the
instructor's key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools.grade.batch import Finished, Handed, Plan, grade_one
from tools.lesson import ROOT

LOSSES = 3  # workers that may be lost with one notebook before it is given up
CONNECTING = 30  # seconds
WINDOW = 4  # notebooks sent to a worker thread before their turn


class ClusterError(Exception):
    """The cluster cannot be used; its text is ``address: what. remedy.``"""


def grade_there(plan: Plan, handed: Iterable[Handed], address: str) -> Iterator[Finished]:
    """Grade notebooks on a Dask cluster, in the order in which they finish.

    What a lost worker had is graded by another one.

    Args:
        plan: with what the preflight told.
        handed: taken as workers become free, so that not all of them are in memory.
        address: of the scheduler, such as ``tcp://192.168.0.10:8786``.

    Raises:
        ClusterError: there is no scheduler, no worker, or one without the project.
        SandboxError: nothing can be run there.
    """
    from distributed import Client, Future, KilledWorker, as_completed

    try:
        client = Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(
            f"{address}: no Dask scheduler answers ({error}). Start one: python -m distributed.cli"
            ".dask_scheduler, or see CONTRIBUTING.md."
        ) from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise ClusterError(f"{address}: the scheduler has no worker. Start one beside it.")
        shared = client.scatter(plan, broadcast=True, hash=False)
        waiting, numbers = iter(handed), dict[str, int]()

        def submit() -> Future | None:
            one = next(waiting, None)
            if one is None:
                return None
            future = client.submit(grade_one, shared, one, pure=False, retries=0)
            numbers[future.key] = one.number
            return future

        first = [future for _ in range(WINDOW * threads) if (future := submit()) is not None]
        queue = as_completed(first)
        for future in queue:
            number = numbers.pop(future.key)
            try:
                yield future.result()
            except KilledWorker:
                yield Finished(number, None)
            except ModuleNotFoundError as error:
                raise ClusterError(
                    f"{address}: a worker has no {error.name}. Start workers in the project's "
                    f"folder and environment ({ROOT.name}: python -m distributed.cli.dask_worker)."
                ) from None
            following = submit()
            if following is not None:
                queue.add(following)
