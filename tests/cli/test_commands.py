"""The commands as a shell sees them: what goes to stdout, what to stderr, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend import cli
from backend.accounts import keys, passwords, users
from backend.core.journey import document
from backend.db.connect import Database, connect
from backend.db.tables import contact, journey, user
from backend.settings import Settings
from tests.support.app import PASSWORD, a_journey
from tests.support.server import run

Told = pytest.CaptureFixture[str]


@pytest.fixture
def home(sqlite_settings: Settings) -> Path:
    """A migrated data folder."""
    return sqlite_settings.data_dir


def opened(home: Path) -> Database:
    return connect(Settings(data_dir=home))


def command(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


def written(folder: Path, data: Any) -> Path:
    path = folder / "journey.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


# --- check and explain ------------------------------------------------------------------------------------------------


def test_a_good_journey_has_no_problems(tmp_path: Path, capsys: Told) -> None:
    assert command("check", written(tmp_path, a_journey())) == 0
    problems = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [problem for problem in problems if problem["severity"] == "error"] == []


def test_a_broken_journey_has_one_json_problem_a_line(tmp_path: Path, capsys: Told) -> None:
    broken = a_journey()
    broken["edges"] = []
    broken["nodes"][0]["type"] = "trigger.nothing"
    assert command("check", written(tmp_path, broken)) == 1
    problems = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(problems) >= 2
    assert all(set(problem) == {"severity", "code", "node", "field", "message", "fix"} for problem in problems)
    assert "unknown_kind" in {problem["code"] for problem in problems}


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"{", "line 1, column 2"), (b"\xff\xfe{", "not UTF-8"), (b"", "line 1"), (b"[" * 100_000, "not JSON")],
)
@pytest.mark.parametrize("name", ["check", "explain"])
def test_a_file_that_is_no_json_is_named_with_the_place(
    tmp_path: Path, capsys: Told, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / "journey.json"
    path.write_bytes(content)
    assert command(name, path) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert str(path) in told.err
    assert said in told.err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: Told) -> None:
    assert command("check", tmp_path / "nothing.json") == 1
    assert "nothing.json: No such file" in capsys.readouterr().err


@pytest.mark.parametrize("data", [[], "text", 7, None])
def test_json_that_is_no_journey_is_a_problem(tmp_path: Path, capsys: Told, data: object) -> None:
    assert command("check", written(tmp_path, json.dumps(data))) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[0])["severity"] == "error"


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "journey.json"
    path.write_text("\ufeff" + json.dumps(a_journey()), encoding="utf-8")
    assert command("check", path) == 0


# --- people and keys --------------------------------------------------------------------------------------------------


def test_the_key_alone_is_printed(home: Path, capsys: Told) -> None:
    assert command("create-key", "--data-dir", home) == 0
    key = capsys.readouterr().out.strip()
    db = opened(home)
    with db.read() as conn:
        assert keys.find(conn, key, kind="api") is not None
    db.dispose()


def test_a_write_key_is_asked_for_by_its_kind(home: Path, capsys: Told) -> None:
    assert command("--data-dir", home, "create-key", "--kind", "write", "--name", "Shop") == 0
    assert capsys.readouterr().out.startswith("sj_write_")


def test_the_data_folder_is_taken_before_and_after_the_command_and_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("--data-dir", tmp_path / "before", "migrate") == 0
    assert command("migrate", "--data-dir", tmp_path / "after") == 0
    monkeypatch.setenv("SOJOURN_DATA_DIR", str(tmp_path / "environment"))
    assert command("migrate") == 0
    assert command("--data-dir", tmp_path / "lost", "migrate", "--data-dir", tmp_path / "won") == 0
    names = sorted(path.name for path in tmp_path.iterdir() if (path / "sojourn.db").exists())
    assert names == ["after", "before", "environment", "won"]


@pytest.mark.slow
def test_a_new_folder_is_set_up_on_first_use_and_for_us_alone(tmp_path: Path) -> None:
    done = run("create-user", "ada@example.com", data_dir=tmp_path / "new", stdin=PASSWORD + "\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    db = opened(tmp_path / "new")
    assert users.check_password(db, "ada@example.com", PASSWORD) is not None
    db.dispose()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("ada@example.com", "short", "at least 8"),
        ("ada@example.com", "", "at least 8"),
        ("ada@example.com", "password1", "guesses"),
        ("ada", PASSWORD, "not an e-mail address"),
    ],
)
def test_a_user_that_cannot_be_made_is_no_success(home: Path, email: str, password: str, said: str) -> None:
    done = run("create-user", email, data_dir=home, stdin=password)
    assert done.returncode == 1
    assert said in done.stderr
    db = opened(home)
    with db.read() as conn:
        assert conn.execute(select(user)).all() == []
    db.dispose()


def test_an_address_is_taken_once(home: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr(passwords, "hash_password", lambda password: "hash")
    codes = []
    for _ in range(2):
        monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD))
        codes.append(command("create-user", "ada@example.com", "--data-dir", home))
    assert codes == [0, 1]
    assert "ada@example.com" in capsys.readouterr().err


# --- bringing in ------------------------------------------------------------------------------------------------------


def test_a_journey_is_brought_in_as_a_draft(home: Path, capsys: Told) -> None:
    assert command("import", "journey", written(home, a_journey()), "--data-dir", home) == 0
    told = json.loads(capsys.readouterr().out)
    db = opened(home)
    with db.read() as conn:
        row = conn.execute(select(journey)).one()
    db.dispose()
    assert (row.id, row.name, row.status) == (told["id"], "Welcome", "draft")
    assert json.loads(row.draft)["nodes"] == json.loads(document.canonical(a_journey()))["nodes"]


def test_a_misshapen_journey_is_not_brought_in(home: Path, capsys: Told) -> None:
    assert command("import", "journey", written(home, {**a_journey(), "colour": 1}), "--data-dir", home) == 1
    assert "colour" in capsys.readouterr().err


def test_contacts_are_brought_in_and_bad_rows_named(home: Path, capsys: Told) -> None:
    path = home / "people.csv"
    path.write_text("user_id,email,plan\nann,ann@example.com,pro\nbob,not an address,free\n")
    assert command("import", "contacts", path, "--data-dir", home) == 1
    told = capsys.readouterr()
    assert json.loads(told.out) == {"created": 1, "updated": 0, "unchanged": 0, "rejected_total": 1}
    assert "row 3" in told.err or "row 2" in told.err
    db = opened(home)
    with db.read() as conn:
        assert conn.execute(select(contact.c.user_id)).scalars().all() == ["ann"]
    db.dispose()


@pytest.mark.parametrize("what", ["contacts", "journey"])
def test_a_file_to_bring_in_must_be_there(home: Path, capsys: Told, what: str) -> None:
    assert command("import", what, home / "nothing", "--data-dir", home) == 1
    assert "nothing" in capsys.readouterr().err


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_the_sample_is_put_into_an_unused_workspace_only(home: Path, capsys: Told) -> None:
    assert command("seed-sample", "--data-dir", home) == 0
    assert "3 journeys" in capsys.readouterr().out
    assert command("seed-sample", "--data-dir", home) == 1
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["mysql://nowhere", "nonsense", "postgresql://postgres@127.0.0.1:1/nothing"])
def test_a_database_that_cannot_be_used_is_a_sentence(home: Path, capsys: Told, url: str) -> None:
    assert command("create-key", "--data-dir", home, "--database-url", url) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.strip()
    assert "Traceback" not in told.err


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path, capsys: Told) -> None:
    (tmp_path / "sojourn.db").write_text("not a database " * 100)
    assert command("create-key", "--data-dir", tmp_path) == 1
    assert "not a database" in capsys.readouterr().err
    assert command("create-key", "--data-dir", tmp_path / "sojourn.db") == 1
    assert "sojourn.db" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["create-key", "--kind", "odd"], ["import", "users", "x"]])
def test_a_command_line_that_is_none_says_how_it_goes(capsys: Told, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command(*arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err
