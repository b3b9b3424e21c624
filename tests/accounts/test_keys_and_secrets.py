"""Keys for programs, and the secret everything signed or encrypted hangs on."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.accounts import keys, secrets, users
from backend.db.connect import Database
from backend.db.tables import api_key, session
from tests.support.app import NOW, PASSWORD, Client, a_user


def test_a_key_is_shown_once_and_known_by_its_hint(ada: Client) -> None:
    made = ada.must("POST", "/api/keys", 201, {"kind": "write", "name": "Shop"})
    assert made["key"].startswith("sj_write_")
    assert made["hint"] == f"sj_write_…{made['key'][-4:]}"
    listed = ada.must("GET", "/api/keys", 200)["items"]
    assert [item["name"] for item in listed] == ["Shop"]
    assert "key" not in listed[0]
    with ada.db.read() as conn:
        assert made["key"] not in str(conn.execute(select(api_key)).all())


def test_a_key_is_found_by_itself_and_its_kind_alone(db: Database) -> None:
    with db.write() as conn:
        key_id, key = keys.create(conn, "write", "Shop", now_ms=NOW)
    with db.read() as conn:
        assert keys.find(conn, key, kind="write") == key_id
        assert keys.find(conn, key, kind="api") is None
        assert keys.find(conn, key + "x", kind="write") is None
        assert keys.find(conn, "", kind="write") is None


def test_revoking_twice_keeps_the_first_instant(db: Database) -> None:
    with db.write() as conn:
        key_id, key = keys.create(conn, "api", "", now_ms=NOW)
        assert keys.revoke(conn, key_id, now_ms=NOW + 1)
        assert keys.revoke(conn, key_id, now_ms=NOW + 2)
        assert keys.find(conn, key, kind="api") is None
        assert conn.execute(select(api_key.c.revoked_at)).scalar_one() == NOW + 1
        assert not keys.revoke(conn, key_id + 1, now_ms=NOW)


def test_use_is_noted_without_writing_at_each_request(program: Client) -> None:
    program.must("GET", "/api/tags", 200)
    with program.db.read() as conn:
        first = conn.execute(select(api_key.c.last_used_at)).scalar_one()
    program.must("GET", "/api/tags", 200)
    with program.db.read() as conn:
        assert conn.execute(select(api_key.c.last_used_at)).scalar_one() == first
    assert first is not None


def test_the_secret_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    first = secrets.load(tmp_path / "new").purpose_key("unsubscribe")
    path = tmp_path / "new" / secrets.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_bytes()) == secrets.BYTES
    assert secrets.load(tmp_path / "new").purpose_key("unsubscribe") == first
    assert [entry.name for entry in path.parent.iterdir()] == [secrets.FILE]


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    ours = secrets.load(tmp_path)
    made = {ours.purpose_key(name) for name in ("unsubscribe", "channel", "session")}
    assert len(made) == 3
    assert (tmp_path / secrets.FILE).read_bytes() not in made
    assert "secret" not in repr(ours).lower().replace("secrets(…)", "")


def test_a_secret_open_to_others_is_closed(tmp_path: Path) -> None:
    secrets.load(tmp_path)
    path = tmp_path / secrets.FILE
    path.chmod(0o644)
    secrets.load(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"short", b"\x00" * 32, b"ab" * 16])
def test_a_secret_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / secrets.FILE).write_bytes(content)
    with pytest.raises(secrets.SecretError, match=r"secret\.key"):
        secrets.load(tmp_path)


def test_many_starting_at_once_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: secrets.load(tmp_path).purpose_key("x"), range(16)))
    assert len(found) == 1


def test_users_come_and_go_but_the_last_one_stays(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.accounts.passwords.hash_password", lambda password: "hash")
    ben = ada.must("POST", "/api/users", 201, {"email": "Ben@example.com", "password": PASSWORD, "name": "Ben"})
    assert ada.post("/api/users", {"email": "ben@EXAMPLE.com", "password": PASSWORD}).status_code == 409
    emails = [item["email"] for item in ada.must("GET", "/api/users", 200)["items"]]
    assert emails == ["ada@example.com", "ben@example.com"]
    ada.must("DELETE", f"/api/users/{ben['id']}", 204)
    ada.must("DELETE", f"/api/users/{ben['id']}", 404)
    own = ada.must("GET", "/api/session", 200)["user"]["id"]
    ada.must("DELETE", f"/api/users/{own}", 409)


def test_removing_a_user_ends_their_sessions(ada: Client) -> None:
    ben = Client(ada.sojourn).log_in("ben@example.com")
    ada.must("DELETE", f"/api/users/{a_user(ada.db, 'ben@example.com')}", 204)
    assert ben.get("/api/journeys").status_code == 401
    with ada.db.read() as conn:
        assert len(conn.execute(select(session)).all()) == 1


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("a@b", True), ("ada@example.com", True), ("", False), ("@", False), ("a@", False), ("a b@c", False)],
)
def test_an_address_has_a_name_and_a_host(text: str, is_one: bool) -> None:
    assert users.looks_like_email(text) is is_one
