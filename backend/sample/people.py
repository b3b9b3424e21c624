"""The shop's customers as contacts. First names and addresses are made up, the same for a customer every time."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from backend.core.split import contact_split
from backend.sample.purchases import purchases

FIRST_NAMES = (
    "Ada", "Ahmed", "Aiko", "Amara", "Ana", "Anders", "Ben", "Bruno", "Carmen", "Chidi", "Chloe", "Clara", "Daniel",
    "Davide", "Elena", "Emeka", "Emil", "Emma", "Farah", "Felix", "Fiona", "Gabriel", "Grace", "Hana", "Hugo", "Ines",
    "Ivan", "Jakub", "James", "Jamila", "Jana", "Jonas", "Julia", "Kamal", "Karin", "Kofi", "Lars", "Leila", "Leo",
    "Lin", "Lucia", "Lukas", "Maria", "Marta", "Mateo", "Maya", "Mei", "Milan", "Mina", "Nadia", "Nina", "Noah", "Nora",
    "Olga", "Omar", "Oscar", "Paula", "Pedro", "Petra", "Rafael", "Ravi", "Rosa", "Ruth", "Samuel", "Sara", "Sofia",
    "Stefan", "Tara", "Tomas", "Vera", "Victor", "Wei", "Yara", "Yusuf", "Zoe",
)  # fmt: skip


def first_name(user_id: str) -> str:
    return FIRST_NAMES[crc32(user_id.encode()) % len(FIRST_NAMES)]


def contact_rows(now_ms: int) -> list[dict[str, Any]]:
    """A row of table `contact` for each customer, by number, as if they had signed up at now_ms."""
    return [
        {
            "user_id": user_id,
            "email": f"{user_id}@example.com",
            "email_key": f"{user_id}@example.com",
            "fields": {"first_name": first_name(user_id)},
            "split": contact_split(user_id),
            "created_at": now_ms,
            "updated_at": now_ms,
        }
        for user_id in sorted({purchase.user_id for purchase in purchases()})
    ]
