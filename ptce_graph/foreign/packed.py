"""Delimited text as it lies on the disk, or packed in a ZIP, which is read without unpacking it.

Registers are published so: one table, or one for each département, all with the same columns.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from ptce_graph.foreign.texts import ForeignError

MAGIC = b"PK\x03\x04"
_SUFFIXES = (".csv", ".tsv", ".txt")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)


def tables(path: Path) -> list[str]:
    """Return the names of the texts in a ZIP, in order; none where a file is no ZIP."""
    with path.open("rb") as file:
        if file.read(4) != MAGIC:
            return []
    with zipfile.ZipFile(path) as archive:
        names = map(PurePosixPath, archive.namelist())
        return sorted(
            str(name)
            for name in names
            if name.suffix.lower() in _SUFFIXES
            and not any(part.startswith((".", "__MACOSX")) for part in name.parts)
        )


def open_bytes(path: Path) -> IO[bytes]:
    """Open a text to be read: as it is, or the texts in a ZIP one after the other.

    Raises:
        ForeignError: the texts in a ZIP begin with different lines.
    """
    if not (names := tables(path)):
        return path.open("rb")
    return io.BufferedReader(_Texts(path, names))


def open_text(path: Path, encoding: str, errors: str = "strict") -> IO[str]:
    """Open a text with the ends of its lines as they are.

    Raises:
        ForeignError: the texts in a ZIP begin with different lines.
    """
    return io.TextIOWrapper(open_bytes(path), encoding, errors, newline="")


class _Texts(io.RawIOBase):
    """The texts in a ZIP one after the other, each from a new line, with one first line."""

    def __init__(self, path: Path, names: list[str]) -> None:
        self._path, self._blocks, self._rest = path, self._read(path, names), b""

    @staticmethod
    def _read(path: Path, names: list[str]) -> Iterator[bytes]:
        header = last = b""
        with zipfile.ZipFile(path) as archive:
            for name in names:
                with archive.open(name) as file:
                    first = file.readline(1 << 20)
                    if header and first.strip() != header.strip():
                        raise ForeignError(path, "other-columns", name, names[0])
                    if not header:
                        yield first
                    elif not last.endswith(b"\n"):
                        yield b"\n"
                    header = header or first
                    while block := file.read(1 << 20):
                        last = block
                        yield block

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what comes next."""
        try:
            self._rest = self._rest or next(self._blocks, b"")
        except _DAMAGED as error:
            raise ForeignError(self._path, "damaged", error) from error
        block, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(block)] = block
        return len(block)
