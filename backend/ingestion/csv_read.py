"""A CSV file of unknown make: its encoding, its delimiter, its columns and its rows, bad rows included.

Encodings: UTF-8 (with or without BOM), UTF-16 with BOM, else Windows-1252. Delimiters: comma, semicolon, tab. Row
numbers count records as a spreadsheet does: the header is row 1, or the first one that is not empty.
Raises:    BadFile, for a file no row of which can be read.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

COLUMNS_MAX = 200
CELL_CHARS_MAX = 64 * 1024
HEADER_CHARS_MAX = 200_000
DELIMITERS = (",", ";", "\t")
CHUNK = 1 << 20
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class BadFile(Exception):
    """The file cannot be read as CSV."""


@dataclass(frozen=True)
class Shape:
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    header_row: int = 1


@dataclass(frozen=True)
class Row:
    number: int
    cells: list[str]


@dataclass(frozen=True)
class BadRow:
    number: int
    column: str | None
    reason: str


def sniff(stream: IO[bytes]) -> Shape:
    """Look through the whole file once for its encoding, and at its header for the rest."""
    encoding = _encoding(stream)
    with _reading(stream, encoding) as text:
        head = text.read(HEADER_CHARS_MAX)
    if not head.strip():
        raise BadFile("The file is empty.")
    delimiter = _delimiter(head)
    with _reading(stream, encoding) as text:
        try:
            for number, header in enumerate(csv.reader(text, delimiter=delimiter), 1):
                if any(header):
                    return Shape(encoding, delimiter, _columns(header), number)
        except csv.Error as error:
            raise BadFile(f"Row 1: the header cannot be read ({error}).") from None
    raise BadFile("The file is empty.")


def rows(stream: IO[bytes], shape: Shape) -> Iterator[Row | BadRow]:
    """Every row after the header; empty ones are left out."""
    with _reading(stream, shape.encoding) as text:
        reader = csv.reader(text, delimiter=shape.delimiter)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield BadRow(number, None, f"A cell has more than {CELL_CHARS_MAX // 1024} KB. Is a quote left open?")
                continue
            if number > shape.header_row and any(cells):
                yield _checked(number, cells, shape.columns)


def _checked(number: int, cells: list[str], columns: tuple[str, ...]) -> Row | BadRow:
    if len(cells) != len(columns):
        return BadRow(number, None, f"The row has {len(cells)} cells, the header has {len(columns)}.")
    for column, cell in zip(columns, cells, strict=True):
        if len(cell) > CELL_CHARS_MAX:
            return BadRow(number, column, f"A cell has at most {CELL_CHARS_MAX // 1024} KB.")
        if "\x00" in cell:
            return BadRow(number, column, "The cell holds a NUL character.")
    return Row(number, cells)


def _columns(header: list[str]) -> tuple[str, ...]:
    if len(header) > COLUMNS_MAX:
        raise BadFile(f"The file has {len(header)} columns; at most {COLUMNS_MAX} can be read.")
    names = [cell.strip() or f"column {place}" for place, cell in enumerate(header, 1)]
    for place, name in enumerate(names, 1):
        if "\x00" in name:
            raise BadFile(
                f"Row 1, column {place}: the name holds a NUL character. Is the file UTF-16 without its mark?"
            )
        if name in names[: place - 1]:
            raise BadFile(f"Row 1, column {place}: the name “{name[:80]}” appears twice.")
    return tuple(names)


def _encoding(stream: IO[bytes]) -> str:
    stream.seek(0)
    start = stream.read(4)
    for mark, encoding in BOMS:
        if start.startswith(mark):
            wrong_at = _first_wrong(stream, encoding)
            if wrong_at is not None:
                raise BadFile(f"The file begins as {encoding.upper()} but byte {wrong_at} cannot be read.")
            return encoding
    wrong_at = _first_wrong(stream, "utf-8")
    if wrong_at is None:
        return "utf-8"
    if _first_wrong(stream, "cp1252") is None:
        return "cp1252"
    raise BadFile(f"The file is neither UTF-8, UTF-16 nor Windows-1252: byte {wrong_at} cannot be read.")


def _first_wrong(stream: IO[bytes], encoding: str) -> int | None:
    """The place of the first byte that is wrong in this encoding (about, for UTF-16), or None."""
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    done = 0
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
            done += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return max(done + error.start, 0)
    return None


def _delimiter(head: str) -> str:
    """The one that appears most often in the header, outside quotes."""
    counts = dict.fromkeys(DELIMITERS, 0)
    is_quoted = False
    for letter in head:
        if letter == '"':
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif letter in counts:
            counts[letter] += 1
        elif letter in "\r\n" and any(counts.values()):
            break
        elif letter in "\r\n":
            return ","
    return max(DELIMITERS, key=lambda delimiter: counts[delimiter])


@contextmanager
def _reading(stream: IO[bytes], encoding: str) -> Iterator[io.TextIOWrapper]:
    """The stream as text from its beginning; it stays open afterwards."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()
