"""Contacts in memory while a batch is worked through, and their way back into the tables in a few statements.

A `Person` is one row of `contact`, stored or about to be. Whatever a batch does to it is done here in order, then
`save` writes everyone at once. `Changes` keeps what has to be written beside the rows: consent, new fields, events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy import insert as insert_into
from sqlalchemy import update as update_of
from sqlalchemy.sql.elements import ColumnElement

from backend.core.moment import instant_ms, zone
from backend.core.split import contact_split
from backend.db.tables import consent, contact, engine_state, event
from backend.ingestion import fields as registry
from backend.ingestion.text import mend

CHANGED = "$changed"
COLUMNS = ("user_id", "email", "phone", "timezone", "unsubscribed", "fields", "split", "created_at")


@dataclass(eq=False, slots=True)
class Person:
    """One contact; `id` is None until it is stored."""

    id: int | None = None
    user_id: str | None = None
    email: str | None = None
    phone: str | None = None
    timezone: str | None = None
    unsubscribed: bool = False
    fields: dict[str, Any] = field(default_factory=dict)
    split: int = 0
    created_at: int | None = None
    is_dirty: bool = False
    merged_into: Person | None = None

    def root(self) -> Person:
        """Who this person is after all joins."""
        person = self
        while person.merged_into is not None:
            person = person.merged_into
        return person

    def name(self, user_id: str) -> None:
        self.user_id, self.split, self.is_dirty = user_id, contact_split(user_id), True


@dataclass(slots=True)
class Happening:
    """An event about to be stored."""

    person: Person
    name: str
    at: int
    engine_at: int
    properties: dict[str, Any]


@dataclass
class Changes:
    """What a batch does, gathered. source: who changes consent (`identify`, `api`, `import`, …)."""

    source: str
    now_ms: int
    reached_at: int
    types: dict[str, str]
    new_types: dict[str, str] = field(default_factory=dict)
    new_people: list[Person] = field(default_factory=list)
    touched: list[Person] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    consents: list[tuple[Person, str]] = field(default_factory=list)
    may_grant: bool = True  # an import never re-subscribes anyone

    def create(self, **values: Any) -> Person:
        person = Person(created_at=self.now_ms, **values)
        if person.user_id is not None:
            person.split = contact_split(person.user_id)
        self.new_people.append(person)
        return person

    def apply(self, person: Person, values: Mapping[str, Any]) -> list[str]:
        """Set fields, built-in and custom alike (None removes); the names of those that really changed."""
        changed = []
        for sent_name, value in values.items():
            name = mend(sent_name)
            setter = BUILT_IN.get(name)
            if setter(self, person, value) if setter is not None else self._set_custom(person, name, value):
                changed.append(name)
        if changed:
            self.touch(person)
        return changed

    def touch(self, person: Person) -> None:
        if person.id is not None and not person.is_dirty:
            self.touched.append(person)
        person.is_dirty = True

    def live_at(self, at: int | None = None) -> int:
        """When the engine takes something stored now to have happened; `at` where sample time is taken literally."""
        return max(self.now_ms, self.reached_at + 1) if at is None else at

    def tell(self, person: Person, names: Iterable[str], *, at: int, engine_at: int | None = None) -> None:
        """Append the `$changed` event that exit rules are looked at by."""
        engine_at = self.live_at() if engine_at is None else engine_at
        self.happenings.append(Happening(person, CHANGED, at, engine_at, {"fields": list(names)}))

    def _set_custom(self, person: Person, name: str, value: Any) -> bool:
        if not name or len(name) > registry.NAME_CHARS_MAX:
            return False
        if value is None:
            return person.fields.pop(name, None) is not None
        kind = self.types.get(name)
        if kind is None and (kind := registry.type_of(value)) is not None:
            self.types[name] = self.new_types[name] = kind
        value = registry.coerce(value, kind)
        if name in person.fields and is_same(person.fields[name], value):
            return False
        person.fields[name] = value
        return True

    def _set_email(self, person: Person, value: Any) -> bool:
        return _set_text(person, "email", value)

    def _set_phone(self, person: Person, value: Any) -> bool:
        return _set_text(person, "phone", str(value) if isinstance(value, int) else value)

    def _set_timezone(self, person: Person, value: Any) -> bool:
        if value is not None and (not isinstance(value, str) or zone(value) is None):
            return False  # a zone that does not exist is no zone
        return _set_text(person, "timezone", value)

    def _set_unsubscribed(self, person: Person, value: Any) -> bool:
        value = {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
        if not isinstance(value, bool) or value == person.unsubscribed or not (value or self.may_grant):
            return False
        person.unsubscribed = value
        self.consents.append((person, "withdraw" if value else "grant"))
        return True

    def _set_created_at(self, person: Person, value: Any) -> bool:
        at = instant_ms(value, "UTC") if isinstance(value, str) else None
        if at is None or at == person.created_at:
            return False
        person.created_at = at
        return True

    def _ignore(self, person: Person, value: Any) -> bool:
        return False  # `user_id` is what calls and files are matched by, not a trait


BUILT_IN = {
    "user_id": Changes._ignore,
    "email": Changes._set_email,
    "phone": Changes._set_phone,
    "timezone": Changes._set_timezone,
    "unsubscribed": Changes._set_unsubscribed,
    "created_at": Changes._set_created_at,
}


def _set_text(person: Person, name: str, value: Any) -> bool:
    if value is not None and not isinstance(value, str):
        return False
    text = mend(value).strip() or None if value is not None else None
    if text == getattr(person, name):
        return False
    setattr(person, name, text)
    return True


def is_same(left: Any, right: Any) -> bool:
    """Equal as JSON values: true is not 1."""
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def email_key(email: str | None) -> str | None:
    """The form e-mail addresses are compared in."""
    return email.strip().casefold() if email else None


def begin(conn: Connection, *, source: str, now_ms: int) -> Changes:
    """Start a batch of changes inside a write transaction.

    Takes the engine's row first: on PostgreSQL this makes event ids commit in their order, which the watermarks rely on
    (SQLite has one writer anyway).
    """
    reached_at = conn.scalar(select(engine_state.c.reached_at).where(engine_state.c.id == 1).with_for_update())
    return Changes(source=source, now_ms=now_ms, reached_at=reached_at or 0, types=registry.load(conn))


def load(conn: Connection, where: ColumnElement[bool]) -> list[Person]:
    """The stored contacts, locked until the transaction ends (in one order, so that nobody waits in a circle)."""
    columns = [contact.c.id, *(contact.c[name] for name in COLUMNS)]
    return [
        Person(**{**row, "fields": row["fields"] or {}})
        for row in conn.execute(select(*columns).where(where).order_by(contact.c.id).with_for_update()).mappings()
    ]


def save(conn: Connection, changes: Changes) -> None:
    """Write everything gathered; a constant number of statements, whatever the number of people."""
    new = [person for person in changes.new_people if person.merged_into is None]
    if new:
        _insert(conn, new, changes.now_ms)
    touched = [person for person in changes.touched if person.merged_into is None]
    if touched:
        conn.execute(
            update_of(contact).where(contact.c.id == bindparam("_id")),
            [{**_row(person, changes.now_ms), "_id": person.id} for person in touched],
        )
    _save_beside(conn, changes)


def _insert(conn: Connection, new: list[Person], now_ms: int) -> None:
    """Store new people and learn their ids, which grow in the order of the rows.

    PostgreSQL has to be asked for that order; SQLite keeps it, and asking would make it insert one row at a time.
    """
    is_asked = conn.dialect.name != "sqlite"
    wanted = insert_into(contact).returning(contact.c.id, contact.c.user_id, sort_by_parameter_order=is_asked)
    stored = sorted(conn.execute(wanted, [_row(person, now_ms) for person in new]), key=lambda row: row.id)
    for person, (identity, user_id) in zip(new, stored, strict=True):
        assert user_id == person.user_id, "contacts were stored in another order than given"
        person.id = identity


def _save_beside(conn: Connection, changes: Changes) -> None:
    if changes.consents:
        rows = [
            {"contact_id": person.root().id, "action": action, "source": changes.source, "at": changes.now_ms}
            for person, action in changes.consents
        ]
        conn.execute(insert_into(consent), rows)
    registry.register(conn, changes.new_types, changes.now_ms)
    append(conn, changes.happenings)


def append(conn: Connection, happenings: list[Happening]) -> None:
    """Store events, in their order."""
    if happenings:
        conn.execute(
            insert_into(event),
            [
                {
                    "contact_id": happening.person.root().id,
                    "name": happening.name,
                    "at": happening.at,
                    "engine_at": happening.engine_at,
                    "properties": happening.properties,
                }
                for happening in happenings
            ],
        )


def _row(person: Person, now_ms: int) -> dict[str, Any]:
    values = {name: getattr(person, name) for name in COLUMNS}
    return {**values, "email_key": email_key(person.email), "updated_at": now_ms}


def absorb(winner: Person, loser: Person) -> list[str]:
    """Give the winner what it lacks; the names that changed. An opt-out of either holds."""
    changed = []
    for name in ("email", "phone", "timezone"):
        if getattr(winner, name) is None and getattr(loser, name) is not None:
            setattr(winner, name, getattr(loser, name))
            changed.append(name)
    if loser.unsubscribed and not winner.unsubscribed:
        winner.unsubscribed = True
        changed.append("unsubscribed")
    gaps = {name: value for name, value in loser.fields.items() if name not in winner.fields}
    winner.fields.update(gaps)
    instants = [at for at in (winner.created_at, loser.created_at) if at is not None]
    winner.created_at = min(instants, default=None)
    loser.merged_into = winner
    return [*changed, *gaps]
