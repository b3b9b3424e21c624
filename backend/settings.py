"""Settings, read once from the environment and the command line, refused when wrong, handed down as values."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path


class SettingsError(ValueError):
    """A setting has a value that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """Where things are and how the server listens. `database_url` is SQLAlchemy's; empty means a file in data_dir."""

    data_dir: Path
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""  # how browsers and mail clients reach us; empty: http://host:port
    sync: str = "NORMAL"  # SQLite: FULL also keeps the last commits at a power loss, at a quarter of the speed
    proxy_hops: int = 0  # trusted proxies in front

    @property
    def url(self) -> str:
        """The database's URL, with a driver that is installed."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'sojourn.db'}"
        for plain in ("postgresql://", "postgres://"):
            if self.database_url.startswith(plain):
                return "postgresql+psycopg://" + self.database_url.removeprefix(plain)
        return self.database_url

    @property
    def base_url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise SettingsError(f"{name} must be a whole number, not {text!r}") from None


def load(env: dict[str, str] | None = None, **given: object) -> Settings:
    """Settings from SOJOURN_* variables; `given` (the command line) wins where it is not None."""
    env = dict(os.environ) if env is None else env
    settings = Settings(
        data_dir=Path(env.get("SOJOURN_DATA_DIR") or ".sojourn").absolute(),
        database_url=env.get("SOJOURN_DATABASE_URL", ""),
        host=env.get("SOJOURN_HOST", "127.0.0.1"),
        port=_number("SOJOURN_PORT", env.get("SOJOURN_PORT", "8080")),
        public_url=env.get("SOJOURN_PUBLIC_URL", ""),
        sync="FULL" if env.get("SOJOURN_SYNC_FULL", "") in ("1", "true", "yes") else "NORMAL",
        proxy_hops=_number("SOJOURN_PROXY_HOPS", env.get("SOJOURN_PROXY_HOPS", "0")),
    )
    wanted = {name: value for name, value in given.items() if value is not None}
    if "data_dir" in wanted:
        wanted["data_dir"] = Path(str(wanted["data_dir"])).absolute()
    settings = replace(settings, **wanted)  # type: ignore[arg-type]
    if not 0 <= settings.port <= 65_535:
        raise SettingsError(f"port must be between 0 and 65535, not {settings.port}")
    scheme = settings.url.split(":", 1)[0]
    if scheme not in ("sqlite", "postgresql+psycopg"):
        raise SettingsError(f"database_url must start with sqlite:/// or postgresql://, not {scheme}:")
    return settings
