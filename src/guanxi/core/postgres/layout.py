"""Where the embedded database keeps what, inside GUANXI_HOME."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROLE = "guanxi"
DATABASE = "guanxi"
PORT = 5432
_LONGEST_SOCKET_PATH = 106  # sun_path holds 108 bytes on Linux, 104 elsewhere less the closing zero and a margin


@dataclass(frozen=True)
class Layout:
    """`postgres/` for the server, `run/` for locks, `logs/`; all but the data and the socket belong to us."""

    home: Path

    @property
    def server(self) -> Path:
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.server / "data"

    @property
    def configuration(self) -> Path:
        return self.server / "postgresql.conf"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def start_lock(self) -> Path:
        return self.run / "start.lock"

    @property
    def users_lock(self) -> Path:
        return self.run / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.run / "keeper.lock"

    @property
    def keeper_status(self) -> Path:
        return self.run / "keeper.json"

    @property
    def log(self) -> Path:
        return self.home / "logs" / "postgres.log"

    @property
    def socket(self) -> Path:
        """The socket's folder: in the home, or a short stand-in when the home's path is too long for one."""
        folder = self.server / "socket"
        if len(bytes(folder / f".s.PGSQL.{PORT}.lock")) <= _LONGEST_SOCKET_PATH:
            return folder
        digest = hashlib.sha256(bytes(self.home)).hexdigest()[:16]
        return Path(f"/tmp/guanxi-{digest}")  # noqa: S108 -- made with mode 0700 and refused if another owns it

    def address(self, database: str = DATABASE) -> str:
        """The database's URL, as DATABASE_URL takes it."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.socket), safe='/')}"
