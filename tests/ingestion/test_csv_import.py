"""Files of contacts as people really have them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select

from backend.db.connect import Database
from backend.db.tables import consent, contact, contact_tag, event, field, task
from backend.ingestion import contacts
from backend.ingestion.csv_columns import guess
from backend.ingestion.csv_import import Report, import_csv, preview, recover, start
from tests.ingestion.conftest import NOW


def bring(db: Database, text: str | bytes, mapping: dict[str, str | None] | None = None, **options: Any) -> Report:
    data = text if isinstance(text, bytes) else text.encode()
    return import_csv(db, io.BytesIO(data), mapping, start(db, NOW), NOW, **options)


def people(db: Database) -> list[Any]:
    with db.read() as conn:
        return list(conn.execute(select(contact).order_by(contact.c.id)))


def rows(db: Database, table: Any) -> list[Any]:
    with db.read() as conn:
        return list(conn.execute(select(table)))


def reasons(report: Report) -> list[tuple[int, str | None]]:
    return [(one["row"], one["field"]) for one in report.rejected]


def test_a_plain_file_becomes_contacts(db: Database) -> None:
    report = bring(db, "user_id,email,age,vip\nada,ada@b.c,36,true\nben,,7,false\n")
    assert (report.created, report.updated, report.rejected_total) == (2, 0, 0)
    assert [(one.user_id, one.email, one.fields) for one in people(db)] == [
        ("ada", "ada@b.c", {"age": 36, "vip": True}),
        ("ben", None, {"age": 7, "vip": False}),
    ]
    assert {one.name: one.type for one in rows(db, field)} == {"age": "number", "vip": "boolean"}


def test_the_same_file_again_changes_nothing(db: Database) -> None:
    text = "user_id,email,age,tags\nada,ada@b.c,36,vip\n,ben@b.c,7,\n"
    bring(db, text)
    before = len(rows(db, event))
    report = bring(db, text)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert (len(people(db)), len(rows(db, event))) == (2, before)


def test_an_empty_cell_leaves_the_field_as_it_is(db: Database) -> None:
    bring(db, "user_id,plan\nada,pro\n")
    report = bring(db, "user_id,plan,age\nada,,36\n")
    assert report.updated == 1
    assert people(db)[0].fields == {"plan": "pro", "age": 36}


def test_bad_rows_are_listed_with_their_place_and_the_good_ones_stay(db: Database) -> None:
    text = (
        "user_id,email,timezone,unsubscribed\n"
        "ada,not an address,,\n"
        "ben,ben@b.c,Mars/Base,\n"
        "cleo,cleo@b.c,,perhaps\n"
        "dora,dora@b.c\n"
        ",,,\n"
        ",,Europe/Berlin,\n"
        "eve,eve@b.c,Europe/Berlin,yes\n"
        "eve,eve2@b.c,,\n"
        "fay\x00,fay@b.c,,\n"
        f"gus,gus@b.c,{'x' * 70_000},\n"
        f"hal,hal@b.c,{'x' * 140_000},\n"
        "ida,ida@b.c,,false\n"
    )
    report = bring(db, text)
    assert reasons(report) == [
        (2, "email"), (3, "timezone"), (4, "unsubscribed"), (5, None), (7, None), (9, "user_id"), (10, "user_id"),
        (11, "timezone"), (12, None),
    ]  # fmt: skip
    assert report.rejected[5]["reason"] == "The same as in row 8."
    assert [(one.user_id, one.unsubscribed) for one in people(db)] == [("eve", True), ("ida", False)]
    assert [one.source for one in rows(db, consent)] == ["import"]


def test_line_breaks_inside_quotes_belong_to_the_cell(db: Database) -> None:
    bring(db, 'user_id,note\r\nada,"one\r\ntwo, ""three"""\r\nben,x\r\n')
    assert [one.fields["note"] for one in people(db)] == ['one\r\ntwo, "three"', "x"]


def test_empty_lines_before_the_header_are_passed_over(db: Database) -> None:
    report = bring(db, "\n,\nuser_id,email\nada,oops\nben,\n")
    assert (report.created, reasons(report)) == (1, [(4, "email")])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found(db: Database, encoding: str, delimiter: str) -> None:
    text = delimiter.join(["user_id", '"a, b; c"', "name"]) + "\n" + delimiter.join(["ada", "1", "Zoë"]) + "\n"
    bring(db, text.encode(encoding), {"user_id": "user_id", "name": "name"})
    assert people(db)[0].fields == {"name": "Zoë"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"\xff\xfeu\x00s\x00e", "UTF-16 but byte"),
        (b"user_id,x\nada,\x81\n", "byte 14"),
        ("user_id,x\nada,1\n".encode("utf-16-le"), "NUL"),
        (b"user_id,x,x\n", "column 3"),
        (",".join(f"c{n}" for n in range(201)).encode(), "201 columns"),
        (b"name\nada\n", "user_id or email"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(db: Database, data: bytes, words: str) -> None:
    report = bring(db, data)
    assert words in (report.error or "")
    assert rows(db, task)[0].state == "failed"
    assert people(db) == []


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"nope": "email", "id": "user_id"}, "nope"),
        ({"id": "user_id", "mail": "user_id"}, "mail"),
        ({"id": None, "mail": "note"}, "user_id or email"),
        ({"id": "user_id", "mail": "x" * 300}, "mail"),
    ],
)
def test_a_mapping_that_cannot_be_says_which_column(db: Database, mapping: dict[str, str | None], words: str) -> None:
    assert words in (bring(db, "id,mail\nada,ada@b.c\n", mapping).error or "")


def test_an_import_never_subscribes_anybody_again(db: Database) -> None:
    bring(db, "user_id,unsubscribed\nada,true\n")
    report = bring(db, "user_id,unsubscribed\nada,false\n")
    assert people(db)[0].unsubscribed is True
    assert report.unchanged == 1


def test_an_email_of_several_people_is_refused_without_a_user_id(db: Database) -> None:
    with db.write() as conn:
        for name in ("ada", "ben"):
            contacts.upsert(conn, {"user_id": name, "email": "we@b.c"}, NOW)
    assert reasons(bring(db, "email,plan\nWE@b.c,pro\n")) == [(2, "email")]


def test_the_registry_decides_over_the_file(db: Database) -> None:
    with db.write() as conn:
        contacts.upsert(conn, {"user_id": "ada", "fields": {"zip": "01067"}}, NOW)
    bring(db, "user_id,zip\nben,10115\n")
    assert people(db)[1].fields == {"zip": "10115"}


def test_tags_are_added(db: Database) -> None:
    bring(db, 'user_id,tags\nada,"vip, new ,vip"\n')
    bring(db, "user_id,tags\nada,late\n")
    assert {one.tag for one in rows(db, contact_tag)} == {"vip", "new", "late"}


def test_progress_is_told_and_kept(db: Database) -> None:
    told: list[dict[str, Any]] = []
    text = "user_id\n" + "".join(f"u{n}\n" for n in range(2_500))
    bring(db, text, progress=told.append)
    assert [(one["state"], one["done"], one["total"]) for one in told] == [
        ("running", 0, 2_500), ("running", 1_000, 2_500), ("running", 2_000, 2_500), ("running", 2_500, 2_500),
        ("done", 2_500, 2_500),
    ]  # fmt: skip
    assert rows(db, task)[0].report["created"] == 2_500


def test_a_batch_costs_the_same_for_one_row_and_a_thousand(db: Database, statements: list[str]) -> None:
    def cost(size: int, tag: str) -> int:
        text = "user_id,email,n,tags\n" + "".join(f"{tag}{n},{tag}{n}@b.c,{n},t\n" for n in range(size))
        statements.clear()
        bring(db, text)
        return len(statements)

    cost(1, "warm")
    assert cost(1, "one") == cost(1_000, "many")


def test_an_import_cut_off_by_a_stop_says_so(db: Database) -> None:
    start(db, NOW)
    assert recover(db, NOW) == 1
    [row] = rows(db, task)
    assert row.state == "failed"
    assert "again" in row.report["error"]


def test_a_preview_tells_columns_guesses_types_and_samples() -> None:
    shown = preview(io.BytesIO(b"E-Mail;Vorname;Alter\nada@b.c;Ada;36\n;Ben;7\n"))
    assert (shown["rows"], shown["encoding"]) == (2, "utf-8")
    assert shown["columns"] == [
        {"name": "E-Mail", "guess": "email", "type": "text", "samples": ["ada@b.c"]},
        {"name": "Vorname", "guess": "Vorname", "type": "text", "samples": ["Ada", "Ben"]},
        {"name": "Alter", "guess": "Alter", "type": "number", "samples": ["36", "7"]},
    ]


def test_two_columns_never_guess_the_same_field() -> None:
    assert guess(["Email", "E-Mail", "mail"]) == {"Email": "email", "E-Mail": "E-Mail", "mail": "mail"}
