"""Which column of a file becomes which field of a contact.

Raises: BadMapping, naming the column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from backend.ingestion.fields import NAME_CHARS_MAX

TAGS = "tags"
GUESSES = {
    "user_id": ("user_id", "userid", "id", "customer_id", "external_id", "contact_id"),
    "email": ("email", "e_mail", "mail", "email_address", "e_mail_address"),
    "phone": ("phone", "phone_number", "mobile", "telephone", "mobile_phone"),
    "timezone": ("timezone", "time_zone", "tz"),
    "unsubscribed": ("unsubscribed", "opted_out", "opt_out"),
    "created_at": ("created_at", "createdat", "signed_up_at"),
    TAGS: ("tags", "labels"),
}
_BY_NAME = {name: field for field, names in GUESSES.items() for name in names}


class BadMapping(Exception):
    """The columns cannot be mapped like this."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def guess(columns: Sequence[str]) -> dict[str, str | None]:
    """Column -> field: well-known names in any spelling, anything else under its own name."""
    guessed: dict[str, str | None] = {}
    for column in columns:
        plain = re.sub(r"[^a-z0-9]+", "_", column.casefold()).strip("_")
        field: str | None = _BY_NAME.get(plain, column)
        if field in guessed.values():
            field = column if column not in guessed.values() else None
        guessed[column] = field if field is not None and len(field) <= NAME_CHARS_MAX else None
    return guessed


def checked(mapping: Mapping[str, str | None] | None, columns: Sequence[str]) -> dict[str, str]:
    """The mapping without the columns that are left out; the guess where there is no mapping at all."""
    wanted = guess(columns) if mapping is None else mapping
    used: dict[str, str] = {}
    for column, field in wanted.items():
        if column not in columns:
            raise BadMapping(column, "The file has no such column.")
        name = field.strip() if field is not None else ""
        if not name:
            continue
        if len(name) > NAME_CHARS_MAX:
            raise BadMapping(column, f"A field's name has at most {NAME_CHARS_MAX} characters.")
        if name in used.values():
            raise BadMapping(column, f"Two columns become “{name}”.")
        used[column] = name
    if not {"user_id", "email"} & set(used.values()):
        raise BadMapping("", "One column must become user_id or email, so that people are told apart.")
    return used
