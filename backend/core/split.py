"""The random split, as a pure function in integer arithmetic. Source: semantics.md "Splitting"."""

from __future__ import annotations

from zlib import crc32

P = 2**31 - 1
STRIDE = 7919


def contact_split(user_id: str) -> int:
    """b: stored with the contact, 0 <= b < P."""
    return crc32(user_id.encode()) % P


def node_factor(node_id: str) -> int:
    """A: a constant of the node, 2 <= A < P."""
    return crc32(node_id.encode()) % (P - 2) + 2


def slot(b: int, passage: int, node_id: str) -> int:
    """0..9999, uniform; the first port whose cumulative share (in hundredths of a percent) exceeds it is taken."""
    return ((b + STRIDE * passage) % P * node_factor(node_id) % P) * 10_000 // P
