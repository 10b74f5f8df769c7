"""The operation's clock: the server's, or in a drill the simulated one (RULES 23)."""

from __future__ import annotations

from datetime import datetime

from kondusif_web.election.models import Operation
from kondusif_web.logbook.clock import server_now


def now(operation: Operation | None) -> datetime:
    """An aware moment. Without an operation, the server's."""
    if operation is not None and operation.drill and operation.clock is not None:
        return operation.clock
    return server_now()
