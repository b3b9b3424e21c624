"""What a step of set-up says and when it is left out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import step
from tools.step import StepError, advice, digest, done, is_done, run


def failing(code: str) -> StepError:
    with pytest.raises(StepError) as caught:
        run("test", "doing the thing", [sys.executable, "-c", code])
    return caught.value


def test_a_command_that_works_answers_what_it_printed() -> None:
    assert run("test", "printing", [sys.executable, "-c", "print('one'); print('two')"]) == "one\ntwo"


def test_a_command_that_fails_tells_its_last_lines_and_what_to_do() -> None:
    problem = failing("import sys; print('first'); print('ENOSPC: no space left on device'); sys.exit(3)")
    text = str(problem)
    assert text.startswith("Stopped: doing the thing failed.")
    assert "| ENOSPC: no space left on device" in text
    assert text.endswith("The disk is full. Free about 2 GB, then run it again.")


def test_only_the_last_lines_of_a_long_failure_are_shown() -> None:
    problem = failing("print('\\n'.join(map(str, range(500)))); raise SystemExit(1)")
    assert problem.lines == tuple(str(number) for number in range(500 - step.SHOWN_LINES, 500))


def test_a_command_that_is_not_there_stops_with_a_sentence() -> None:
    with pytest.raises(StepError, match="starting the moon did not start"):
        run("test", "starting the moon", ["no-such-command-anywhere"])


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("npm error code ENOTFOUND registry", "could not be reached"),
        ("Failed to establish a new connection: [Errno 101] Network is unreachable", "could not be reached"),
        ("E: Temporary failure resolving 'deb.debian.org'", "could not be reached"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "certificate"),
        ("[Errno 13] Permission denied: '.venv'", "belong to you"),
        ("ERROR: No matching distribution found for flask==99", "package index"),
        ("src/app.tsx(3,1): error TS2304", "lines above"),
    ],
)
def test_known_causes_get_their_own_advice(printed: str, told: str) -> None:
    assert told in advice(printed)


def test_the_digest_tells_content_and_names_apart_but_not_order_of_writing(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, names in ((one, ("a", "b")), (two, ("b", "a"))):
        folder.mkdir()
        for name in names:
            (folder / name).write_text(name)
    before = digest([one])
    assert before == digest([two])
    (two / "a").rename(two / "c")
    assert before != digest([two])


def test_what_is_built_from_the_source_does_not_count_as_source(tmp_path: Path) -> None:
    (tmp_path / "main.ts").write_text("x")
    before = digest([tmp_path])
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "thing.js").write_text("y")
    assert digest([tmp_path]) == before


def test_a_step_is_left_out_only_while_its_inputs_and_its_product_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "STAMPS", tmp_path / "stamps")
    product = tmp_path / "product"
    product.touch()
    assert not is_done("thing", "mark", product)
    done("thing", "mark")
    assert is_done("thing", "mark", product)
    assert not is_done("thing", "other mark", product)
    product.unlink()
    assert not is_done("thing", "mark", product)
