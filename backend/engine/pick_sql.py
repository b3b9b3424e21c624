"""A plan's picks as SQL: one CASE says for everybody at once which leg is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from sqlalchemy import BigInteger, case, cast, literal_column

from backend.compiler.plan import ByShare, FirstOf, Guard, Pick, Take
from backend.core.split import STRIDE, P, node_factor
from backend.db.json_sql import Sql
from backend.db.segment_sql import Subject, rule_sql


def number(value: int) -> Sql:
    """A number written into the statement: plans have hundreds, and drivers limit how many parameters there may be."""
    return literal_column(str(int(value)), BigInteger)


def guard_sql(guard: Guard, subject: Subject) -> Sql:
    return rule_sql(guard.rule, replace(subject, is_since_entry=guard.is_since_entry))


def pick_sql(pick: Pick, subject: Subject, passage: Sql) -> Sql:
    """The leg's number. `passage` is the contact's passage number in the journey, which splits depend on."""
    match pick:
        case Take(leg):
            return number(leg)
        case FirstOf(arms, otherwise):
            taken = [(guard_sql(guard, subject), pick_sql(inner, subject, passage)) for guard, inner in arms]
            return (
                case(*taken, else_=pick_sql(otherwise, subject, passage))
                if taken
                else pick_sql(otherwise, subject, passage)
            )
        case ByShare(node, shares):
            slot = slot_sql(cast(subject.contact.c.split, BigInteger), passage, node)
            arms_sql, upto = [], 0
            for share, inner in shares[:-1]:
                upto += share
                arms_sql.append((slot < number(upto), pick_sql(inner, subject, passage)))
            last = pick_sql(shares[-1][1], subject, passage)
            return case(*arms_sql, else_=last) if arms_sql else last
    assert_never(pick)


def slot_sql(split: Sql, passage: Sql, node: str) -> Sql:
    """0..9999, the same on every database: see core/split.py."""
    shifted = (split + number(STRIDE) * passage) % number(P)
    return ((shifted * number(node_factor(node))) % number(P) * number(10_000)) // number(P)
