"""The embedded database: a PostgreSQL of Guanxi's own, started when needed and stopped with its last user.

`ensure_running(home)` starts it, or joins the one that runs, and returns its address. It listens on a socket
in a folder of its owner's and nowhere else. Everything it keeps lies in `home/postgres`, a plain PGDATA.

Nothing here imports Django or psycopg: the command line starts the database before it loads either.
"""

from __future__ import annotations

from guanxi.core.postgres.cluster import Cluster, Lease, ensure_running
from guanxi.core.postgres.errors import UnableToStart

__all__ = ["Cluster", "Lease", "UnableToStart", "ensure_running"]
