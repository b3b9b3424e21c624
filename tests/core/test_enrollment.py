"""The states, and the moves between them."""

from __future__ import annotations

from backend.core.enrollment import MESSAGE_MOVES, Passage


def test_every_move_leads_to_a_state() -> None:
    assert {to for moves in MESSAGE_MOVES.values() for to in moves} <= set(MESSAGE_MOVES)


def test_what_may_have_left_is_never_taken_back_by_itself() -> None:
    assert "pending" not in MESSAGE_MOVES["sent"]
    assert "sending" not in MESSAGE_MOVES["unknown"]
    assert "sending" not in MESSAGE_MOVES["data"]


def test_all_but_inside_is_over() -> None:
    assert [state for state in Passage if state is not Passage.INSIDE] == [
        Passage.COMPLETED, Passage.EXITED, Passage.FAILED,
    ]  # fmt: skip
