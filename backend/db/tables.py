"""Every table, once. Migrations follow it; a test proves them equal.

Instants are BIGINT milliseconds since 1970 UTC. No foreign keys between hot tables: deleting a contact never changes
history, and each hot table carries `contact_id`, by which it can be partitioned or sharded. An id is never given twice,
not even after its row is gone (`sqlite_autoincrement`): watermarks, Message-IDs and caches rely on it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from backend.db.types import Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite hands out row ids for INTEGER primary keys only; PostgreSQL wants the wide type.
Id = BigInteger().with_variant(Integer, "sqlite")


def at(name: str, *, null: bool = False) -> Column[int]:
    """A column that holds an instant."""
    return Column(name, BigInteger, nullable=null)


# --- the workspace and who may enter it ---------------------------------------------------------------------------

workspace = Table(
    "workspace",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1: one workspace per installation
    Column("name", Text, nullable=False),
    Column("mode", Text, nullable=False),  # live | sample
    Column("timezone", Text, nullable=False, server_default="UTC"),
    Column("postal_address", Text, nullable=False, server_default=""),
    at("sample_at", null=True),  # sample time: the engine's "now" while mode is sample
    Column("sample_speed", Float, nullable=False, server_default="2"),  # days per second
    Column("sample_playing", Boolean, nullable=False, server_default=text("false")),
    at("created_at"),
)

engine_state = Table(
    "engine_state",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    Column("event_watermark", BigInteger, nullable=False),  # every journey has looked at events up to here
    at("reached_at"),  # the latest "now" a tick has worked to; later events are stored after it
)

user = Table(
    "user_account",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("password_hash", Text, nullable=False),
    at("created_at"),
    sqlite_autoincrement=True,
)

session = Table(
    "session",
    metadata,
    Column("id_hash", Text, primary_key=True),  # SHA-256 of the cookie's value
    Column("user_id", BigInteger, ForeignKey("user_account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    at("created_at"),
    at("seen_at"),
    at("expires_at"),
)

setup_token = Table(
    "setup_token",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    Column("token_hash", Text, nullable=False),
    at("expires_at"),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),  # api | write
    Column("name", Text, nullable=False, server_default=""),
    Column("hint", Text, nullable=False),  # prefix and last four characters, for people
    Column("key_hash", Text, nullable=False, unique=True),  # SHA-256
    at("created_at"),
    at("last_used_at", null=True),
    at("revoked_at", null=True),
    sqlite_autoincrement=True,
)

login_attempt = Table(
    "login_attempt",
    metadata,
    Column("key", Text, primary_key=True),  # account or address, hashed
    Column("failures", Integer, nullable=False),
    at("last_at"),
)

channel = Table(
    "channel",
    metadata,
    Column("kind", Text, primary_key=True),  # email
    Column("mode", Text, nullable=False),  # test | smtp
    Column("config", Json, nullable=False),
    Column("secret", Text),  # encrypted, bound to this row
    at("updated_at"),
)

task = Table(
    "task",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),  # import_contacts …
    Column("state", Text, nullable=False),  # running | done | failed | canceled
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger),
    Column("report", Json, nullable=False),
    at("created_at"),
    at("updated_at"),
    sqlite_autoincrement=True,
)

# --- people and what they did -------------------------------------------------------------------------------------

field = Table(
    "field",
    metadata,
    Column("name", Text, primary_key=True),
    Column("type", Text, nullable=False),  # text | number | boolean | date | datetime | list
    Column("label", Text, nullable=False, server_default=""),
    at("created_at"),
)

contact = Table(
    "contact",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user_id", Text, unique=True),  # null while anonymous
    Column("email", Text),
    Column("email_key", Text),  # case-folded and trimmed, for matching
    Column("phone", Text),
    Column("timezone", Text),
    Column("unsubscribed", Boolean, nullable=False, server_default=text("false")),
    Column("fields", Json, nullable=False, server_default="{}"),
    Column("split", BigInteger, nullable=False),  # crc32(user_id) mod 2^31-1, see core/split.py
    at("created_at", null=True),  # null in a replay: the files do not tell
    at("updated_at", null=True),
    Index("ix_contact_email_key", "email_key"),
    sqlite_autoincrement=True,
)

contact_tag = Table(
    "contact_tag",
    metadata,
    Column("contact_id", BigInteger, primary_key=True, autoincrement=False),
    Column("tag", Text, primary_key=True),
    sqlite_with_rowid=False,
)

contact_alias = Table(
    "contact_alias",
    metadata,
    Column("anonymous_id", Text, primary_key=True),
    Column("contact_id", BigInteger, nullable=False, index=True),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("contact_id", BigInteger, nullable=False, index=True),
    Column("action", Text, nullable=False),  # withdraw | grant
    Column("source", Text, nullable=False),  # one_click | page | import | api | identify | journey
    Column("detail", Json, nullable=False, server_default="{}"),
    at("at"),
    sqlite_autoincrement=True,
)

suppression = Table(
    "suppression",
    metadata,
    Column("address_key", Text, primary_key=True),  # case-folded address
    Column("reason", Text, nullable=False),  # bounced | complained | manual
    at("created_at"),
)

event = Table(
    "event",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),  # arrival order
    Column("contact_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    at("at"),  # the event's own, corrected time
    at("engine_at"),  # when the engine takes it to have happened: stored at (live), own time (replay, sample)
    Column("properties", Json),
    # EXISTS and count conditions read this index alone, unless they look at properties.
    Index("ix_event_contact_id_name", "contact_id", "name", "engine_at", "at"),
    sqlite_autoincrement=True,
)

event_receipt = Table(
    "event_receipt",
    metadata,
    Column("message_id", Text, primary_key=True),
    at("received_at"),
    Index("ix_event_receipt_received_at", "received_at"),
    sqlite_with_rowid=False,
)

event_rejected = Table(
    "event_rejected",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("field", Text),
    Column("reason", Text, nullable=False),
    Column("payload", Text, nullable=False),  # the start of what was sent
    at("received_at"),
    sqlite_autoincrement=True,
)

# --- journeys -----------------------------------------------------------------------------------------------------

journey = Table(
    "journey",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),  # draft | live | paused | stopped
    Column("draft", Text, nullable=False),  # the document, in its canonical text
    Column("revision", BigInteger, nullable=False),  # of the draft; the ETag
    Column("current_version_id", BigInteger),  # the newest published version
    Column("event_watermark", BigInteger, nullable=False, server_default="0"),  # this journey has looked so far
    Column("admit_after", BigInteger, nullable=False, server_default="0"),  # events up to here start nobody
    Column("fault", Text),  # why the engine stopped moving this journey, if it did
    at("last_moved_at", null=True),
    at("created_at"),
    at("updated_at"),
    sqlite_autoincrement=True,
)

version = Table(
    "version",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("journey_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, … within the journey
    Column("document", Text, nullable=False),
    Column("plan", Text, nullable=False),  # JSON, see compiler/codec.py
    at("published_at"),
    Column("published_by", Text, nullable=False, server_default=""),
    UniqueConstraint("journey_id", "number"),
    sqlite_autoincrement=True,
)

leg = Table(
    "leg",
    metadata,
    Column("version_id", BigInteger, primary_key=True, autoincrement=False),
    Column("leg", Integer, primary_key=True, autoincrement=False),
    Column("to_rest", Integer, nullable=False),  # -1: the passage is over
    Column("hold_ms", BigInteger),  # due = arrival + hold_ms; null: no due time
    Column("state", Integer, nullable=False),  # core.enrollment.Passage after this leg
    Column("is_entry", Boolean, nullable=False),  # the first leg of a passage
    sqlite_with_rowid=False,
)

leg_send = Table(
    "leg_send",
    metadata,
    Column("version_id", BigInteger, primary_key=True, autoincrement=False),
    Column("leg", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),  # order on the leg
    Column("node", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    sqlite_with_rowid=False,
)

enrollment = Table(
    "enrollment",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # given by the engine, in order
    Column("journey_id", BigInteger, nullable=False),
    Column("version_id", BigInteger, nullable=False),
    Column("contact_id", BigInteger, nullable=False),
    Column("no", Integer, nullable=False),  # passage number of the contact in the journey: 1, 2, …
    Column("state", Integer, nullable=False),  # core.enrollment.Passage
    Column("rest", Integer, nullable=False),  # where it is in its version's plan; -1 when over
    at("rest_at"),  # arrival there
    at("due_at", null=True),  # when time moves it on; 0: at once, as of rest_at
    Column("moves", Integer, nullable=False),  # how many rows of `move` it has
    Column("start_seq", BigInteger, nullable=False),  # events with a greater id came after it started
    Column("event_id", BigInteger),  # the event that started it
    at("entered_at"),
    Index("uq_enrollment_contact_journey_no", "contact_id", "journey_id", "no", unique=True),
    Index(
        "ix_enrollment_due",
        "version_id",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

move = Table(
    "move",
    metadata,
    Column("enrollment_id", BigInteger, primary_key=True, autoincrement=False),
    Column("no", Integer, primary_key=True, autoincrement=False),  # 0 is the entry
    Column("contact_id", BigInteger, nullable=False),
    Column("leg", Integer, nullable=False),
    at("at"),
    sqlite_with_rowid=False,
)

counter = Table(
    "counter",
    metadata,
    Column("version_id", BigInteger, primary_key=True, autoincrement=False),
    Column("leg", Integer, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

message = Table(
    "message",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("enrollment_id", BigInteger, nullable=False),
    Column("node", Text, nullable=False),
    Column("visit", Integer, nullable=False),  # the number of the move that made it
    Column("journey_id", BigInteger, nullable=False),
    Column("version_id", BigInteger, nullable=False),
    Column("contact_id", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", Text, nullable=False),
    at("at"),  # when the passage made it
    at("send_at", null=True),  # not before; null once nothing more is to be done by itself
    Column("position", Integer, nullable=False),  # order among those one move made
    Column("reason", Text),  # of skipped
    Column("error", Text),  # of failed and unknown, in words; of pending: why the last try did not work
    at("sent_at", null=True),
    at("delivered_at", null=True),
    at("bounced_at", null=True),
    at("opened_at", null=True),
    at("clicked_at", null=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("lease_until", BigInteger),  # wall clock: whoever claimed it has given up by then
    Column("address", Text),
    Column("subject", Text),
    Column("body", Text),  # as rendered, before MJML becomes HTML
    Column("receipt", Text),  # the server's answer
    Index("uq_message_enrollment_node_visit", "enrollment_id", "node", "visit", unique=True),
    Index(
        "ix_message_pending",
        "send_at",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "ix_message_in_flight",
        "lease_until",
        sqlite_where=text("state IN ('sending', 'data')"),
        postgresql_where=text("state IN ('sending', 'data')"),
    ),
    Index("ix_message_contact_id", "contact_id", "at"),
    Index("ix_message_journey_id", "journey_id", "node", "state"),
    sqlite_autoincrement=True,
)
