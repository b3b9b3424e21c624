"""Who a call is about: user ids, anonymous ids, and the joins between them.

A user id names a known contact. An anonymous id is an alias of one contact. `identify` and `alias` join: the anonymous
contact gets the user id, or, where that user exists already, everything it did moves over to the user and its own row
goes. Two known users are joined by `alias` alone; the former user id stays as an alias, written `user/<id>`, so that
later calls still find the person. Joining never moves or ends a passage: both histories stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from zlib import crc32

from sqlalchemy import BigInteger, Connection, bindparam, delete, func, select, update

from backend.core.split import P
from backend.db.tables import consent, contact, contact_alias, contact_tag, enrollment, event, message, move
from backend.ingestion.people import Changes, Person, absorb, load
from backend.ingestion.segment_api import Call
from backend.ingestion.upsert import insert_new, insert_or_set

JOINING = ("identify", "alias")
IDS_MAX = 10_000  # bound values of one statement


@dataclass
class Directory:
    """The people a batch is about, found and made in the order of its calls."""

    changes: Changes
    by_user: dict[str, Person]
    by_alias: dict[str, Person]
    aliases: dict[str, Person] = field(default_factory=dict)  # to be written
    joins: list[tuple[Person, Person]] = field(default_factory=list)  # both stored: rows move

    def who(self, call: Call) -> Person:
        """The person of the call; made, or joined, where the call says so."""
        if call.user_id is None:
            assert call.anonymous_id is not None
            return self._anonymous(call.anonymous_id)
        if call.kind not in JOINING:
            return self._user(call.user_id) or self._new_user(call.user_id)
        other_id = call.previous_id or call.anonymous_id
        if other_id is None:
            return self._user(call.user_id) or self._new_user(call.user_id)
        return self._join(call.user_id, other_id, is_alias=call.kind == "alias", at=call.at)

    def _user(self, user_id: str) -> Person | None:
        person = self.by_user.get(user_id) or self.by_alias.get(former(user_id))
        return person.root() if person else None

    def _new_user(self, user_id: str) -> Person:
        person = self.by_user[user_id] = self.changes.create(user_id=user_id)
        return person

    def _anonymous(self, anonymous_id: str) -> Person:
        person = self.by_alias.get(anonymous_id)
        if person is None:
            person = self.changes.create(split=crc32(anonymous_id.encode()) % P)
            self._point(anonymous_id, person)
        return person.root()

    def _join(self, user_id: str, other_id: str, *, is_alias: bool, at: int) -> Person:
        user, other = self._user(user_id), self._other(other_id, is_alias=is_alias)
        if other is None or (other.user_id not in (None, user_id) and not is_alias):
            user = user or self._new_user(user_id)  # the device changed hands: only what follows is the user's
        elif user is None:
            user = self._adopt(other, user_id)
        elif user is not other:
            user = self._merge(winner=user, loser=other, at=at)
        if self.by_alias.get(other_id, user).root() is not user or other_id not in self.by_alias:
            self._point(other_id, user)
        return user

    def _other(self, other_id: str, *, is_alias: bool) -> Person | None:
        person = self.by_alias.get(other_id)
        if person is None and is_alias:
            person = self._user(other_id)
        return person.root() if person else None

    def _adopt(self, person: Person, user_id: str) -> Person:
        """Give the contact this user id; a former one stays as an alias."""
        if person.user_id is not None:
            self._point(former(person.user_id), person)
        self.changes.touch(person)
        person.name(user_id)
        self.by_user[user_id] = person
        return person

    def _merge(self, *, winner: Person, loser: Person, at: int) -> Person:
        if winner.id is None and loser.id is not None:
            # The user is new in this very batch: keep the stored row instead, with the user's values.
            for name in ("email", "phone", "timezone"):
                setattr(loser, name, getattr(winner, name) or getattr(loser, name))
            loser.fields = {**loser.fields, **winner.fields}
            loser.unsubscribed = loser.unsubscribed or winner.unsubscribed
            winner.merged_into = loser
            assert winner.user_id is not None
            return self._adopt(loser, winner.user_id)
        if loser.user_id is not None:
            self._point(former(loser.user_id), winner)
        self.changes.touch(winner)
        changed = absorb(winner, loser)
        if "unsubscribed" in changed:
            self.changes.consents.append((winner, "withdraw"))
        self.changes.tell(winner, changed, at=at)
        if loser.id is not None:
            self.joins.append((loser, winner))
        return winner

    def _point(self, alias: str, person: Person) -> None:
        self.by_alias[alias] = self.aliases[alias] = person


def former(user_id: str) -> str:
    """The alias under which a user id lives on after a join."""
    return f"user/{user_id}"


def open_directory(conn: Connection, changes: Changes, calls: list[Call]) -> Directory:
    """Everyone the calls name, in two statements."""
    users = {name for call in calls for name in (call.user_id, call.previous_id) if name}
    others = {name for call in calls for name in (call.anonymous_id, call.previous_id) if name}
    others |= {former(name) for name in users}
    people: dict[int | None, Person] = {}
    for some in _chunks(users):
        people.update((person.id, person) for person in load(conn, contact.c.user_id.in_(some)))
    by_user = {person.user_id: person for person in people.values() if person.user_id is not None}
    pointers: dict[str, int] = {}
    for some in _chunks(others):
        rows = conn.execute(select(contact_alias).where(contact_alias.c.anonymous_id.in_(some)))
        pointers.update((row.anonymous_id, row.contact_id) for row in rows)
    for ids in _chunks(set(pointers.values()) - people.keys()):
        people.update((person.id, person) for person in load(conn, contact.c.id.in_(ids)))
    by_alias = {alias: people[contact_id] for alias, contact_id in pointers.items() if contact_id in people}
    return Directory(changes, by_user, by_alias)


def save_joins(conn: Connection, directory: Directory) -> None:
    """Move the rows of joined contacts; to be called before people are saved."""
    pairs = [{"_from": loser.id, "_to": winner.root().id} for loser, winner in directory.joins]
    if not pairs:
        return
    _renumber(conn, pairs)
    passages = select(enrollment.c.id).where(enrollment.c.contact_id == bindparam("_to"))
    conn.execute(
        update(move)
        .where(move.c.enrollment_id.in_(passages), move.c.contact_id == bindparam("_from"))
        .values(contact_id=bindparam("_to")),
        pairs,
    )
    conn.execute(
        insert_new(conn, contact_tag).from_select(
            ["contact_id", "tag"],
            select(bindparam("_to", type_=BigInteger), contact_tag.c.tag).where(
                contact_tag.c.contact_id == bindparam("_from")
            ),
        ),
        pairs,
    )
    for table in (event, message, consent, contact_alias):
        mine = update(table).where(table.c.contact_id == bindparam("_from"))
        conn.execute(mine.values(contact_id=bindparam("_to")), pairs)
    conn.execute(delete(contact_tag).where(contact_tag.c.contact_id == bindparam("_from")), pairs)
    conn.execute(delete(contact).where(contact.c.id == bindparam("_from")), pairs)


def _renumber(conn: Connection, pairs: list[dict[str, int | None]]) -> None:
    """Passages of the joined contact follow those the other one has in the same journey: 1, 2, … stays unique."""
    everyone = {identity for pair in pairs for identity in pair.values()}
    count = func.max(enrollment.c.no)
    rows = conn.execute(
        select(enrollment.c.contact_id, enrollment.c.journey_id, count)
        .where(enrollment.c.contact_id.in_(everyone))
        .group_by(enrollment.c.contact_id, enrollment.c.journey_id)
    )
    last: dict[tuple[int, int], int] = {(contact_id, journey_id): n for contact_id, journey_id, n in rows}
    shifts: list[dict[str, Any]] = []
    for pair in pairs:
        for (contact_id, journey_id), n in list(last.items()):
            if contact_id == pair["_from"]:
                target = (pair["_to"] or 0, journey_id)
                shifts.append({**pair, "_journey": journey_id, "_by": last.get(target, 0)})
                last[target] = last.get(target, 0) + n
    if shifts:
        conn.execute(
            update(enrollment)
            .where(enrollment.c.contact_id == bindparam("_from"), enrollment.c.journey_id == bindparam("_journey"))
            .values(contact_id=bindparam("_to"), no=enrollment.c.no + bindparam("_by")),
            shifts,
        )


def save_aliases(conn: Connection, directory: Directory) -> None:
    """Write new aliases; to be called after people are saved, when everyone has an id."""
    rows = [{"anonymous_id": alias, "contact_id": person.root().id} for alias, person in directory.aliases.items()]
    if rows:
        conn.execute(insert_or_set(conn, contact_alias, key="anonymous_id", columns=("contact_id",)), rows)


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while some := list(islice(rest, IDS_MAX)):
        yield some
