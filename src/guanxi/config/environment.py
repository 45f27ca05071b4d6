"""Reads the environment for the settings, one function a variable, and says plainly what is wrong."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_SCHEMES = {"postgres", "postgresql"}


def flag(name: str, default: bool = False) -> bool:
    """Whether the variable says yes (1, true, yes, on)."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in _TRUE


def home() -> Path:
    """The folder that holds everything Guanxi keeps outside the database, and the embedded database."""
    if given := os.environ.get("GUANXI_HOME"):
        return Path(given).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/guanxi")
    shared = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(shared).expanduser() / "guanxi"


def public_url() -> str:
    """The address people reach this installation at, without a trailing slash; empty when it is not set."""
    url = os.environ.get("GUANXI_PUBLIC_URL", "").rstrip("/")
    if url and urlsplit(url).scheme not in {"http", "https"}:
        raise ImproperlyConfigured(
            f"GUANXI_PUBLIC_URL is {url!r}: write it with its scheme, such as https://crm.example.com."
        )
    return url


def allowed_hosts(url: str) -> list[str]:
    """The host names answered to: those of GUANXI_ALLOWED_HOSTS, the public address, and this machine."""
    hosts = [host.strip() for host in os.environ.get("GUANXI_ALLOWED_HOSTS", "").split(",") if host.strip()]
    if url and (name := urlsplit(url).hostname):
        hosts.append(name)
    return [*hosts, "localhost", "127.0.0.1", "[::1]", "testserver"]


def secret_key(folder: Path) -> str:
    """The key that signs sessions and tokens: GUANXI_SECRET_KEY, or one made once and kept in the home."""
    if given := os.environ.get("GUANXI_SECRET_KEY"):
        return given
    path = folder / "secret"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _make_secret(path)
    except OSError as error:
        raise ImproperlyConfigured(f"The secret key {path} cannot be read: {error.strerror}.") from error


def _make_secret(path: Path) -> str:
    """Write a new key; of two processes that try at once, one writes and both read the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".secret.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()


def database() -> dict[str, Any]:
    """Django's settings for DATABASE_URL, such as postgresql://user:password@host:5432/guanxi.

    A socket folder goes in the query: postgresql:///guanxi?host=/run/guanxi.
    """
    url = urlsplit(os.environ.get("DATABASE_URL") or "postgresql:///guanxi")
    if url.scheme not in _SCHEMES:
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {url.scheme!r}: Guanxi keeps everything in PostgreSQL, "
            "so it must start with postgresql://."
        )
    options: dict[str, Any] = dict(parse_qsl(url.query))
    host = options.pop("host", None) or url.hostname or ""
    options["pool"] = False
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")) or "guanxi",
        "USER": unquote(options.pop("user", None) or url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": options.pop("port", None) or (str(url.port) if url.port else ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


def openid_connect_apps() -> list[dict[str, Any]]:
    """The company's own identity provider, when GUANXI_OIDC_URL, _CLIENT_ID and _SECRET are set."""
    url = os.environ.get("GUANXI_OIDC_URL", "")
    if not url:
        return []
    return [
        {
            "provider_id": "company",
            "name": os.environ.get("GUANXI_OIDC_NAME", "Company sign-in"),
            "client_id": os.environ.get("GUANXI_OIDC_CLIENT_ID", ""),
            "secret": os.environ.get("GUANXI_OIDC_SECRET", ""),
            "settings": {"server_url": url},
        }
    ]
