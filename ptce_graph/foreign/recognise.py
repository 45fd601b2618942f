"""What a file is, whatever its name says: its format and, for text, its encoding."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ptce_graph.foreign import packed
from ptce_graph.foreign.texts import FORMATS, ForeignError

CHUNK = 1 << 20
_MAGIC = (
    (b"PAR1", "parquet"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"SQLite format 3", "sqlite"),
    (b"{\\rtf", "rtf"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TABLES = {"csv", "xlsx", "xls", "ods", "json", "parquet"}
SUFFIXES = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".tab"), "csv"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb"), "xlsx"),
    **dict.fromkeys((".json", ".geojson", ".ndjson", ".jsonl"), "json"),
    ".xls": "xls",
    ".ods": "ods",
    ".parquet": "parquet",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WEIGHTS = {
    **dict.fromkeys("éèêëàâçîïôùûüœ", 3),
    **dict.fromkeys("ÉÈÊËÀÂÇÎÏÔÙÛÜŒ’“”«»°€–…\xa0", 1),
    **dict.fromkeys("áíóúñöäãß²³½·—‘ÁÓÖÑ", 0),
    "\ufffd": -3,
}
"""How much a letter speaks for French: small ones most, and against it those that are not here."""
_SURE = "éèêëàâçîïôùûüœÉÈÊÀÂÇÎÔÙÛ’“”€–…"
_SMALL, _CAPITAL = "àâçéèêëîïôùûü", "ÀÂÄÅÇÉÈÊËÎÏÔÖÙÛÜ"
_MIXED_CASE = re.compile(
    f"[A-Z][{_SMALL}](?![a-z{_SMALL}])|[a-z][{_CAPITAL}]|[{_SMALL}][A-Z]{{2}}|(?<=[A-Za-z])[^\\w\\s!-~’](?=[A-Za-z])"
)
_OLD_ENCODINGS = ("cp1252", "cp850", "mac_roman")
_SPOILT = ("Ã©", "Ã¨", "Ãª", "Ã§", "Ã´", "Ã®", "Ã ", "â€™", "Ã‰")


def find_format(path: Path) -> str:
    """Return the format of a file by what it holds: csv, xlsx, xls, ods, json or parquet.

    Raises:
        ForeignError: it is not there, is empty, or is no table.
    """
    if not path.exists():
        raise ForeignError(path, "no-file")
    if not path.is_file():
        raise ForeignError(path, "no-regular-file")
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise ForeignError(path, "empty")
    form = _find_format(path, head)
    if form not in _TABLES:
        raise ForeignError(path, "foreign-format", FORMATS[form])
    return form


def _find_format(path: Path, head: bytes) -> str:
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head.startswith(_OLE):
        return _find_ole(path)
    if head.startswith(packed.MAGIC):
        return _find_zip(path)
    start = _as_text(head).lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        return "json"
    lower = start[:512].lower()
    if lower.startswith(("<!doctype html", "<html", "<table", "<meta", "<head")):
        return "html"
    return "xml" if lower.startswith("<") else "csv"


def _as_text(head: bytes) -> str:
    for bom, name in _BOMS:
        if head.startswith(bom):
            return head.decode(name, "replace")
    return head.decode(_wide(head) or "latin-1", "replace")


def _find_ole(path: Path) -> str:
    """Tell an old workbook from a document, and from a workbook under a password."""
    with path.open("rb") as file:
        content = file.read(8 * CHUNK)
    names = {n: n.encode("utf-16-le") for n in ("EncryptedPackage", "Workbook", "Book")}
    if names["EncryptedPackage"] in content:
        raise ForeignError(path, "password")
    return "xls" if names["Workbook"] in content or names["Book"] in content else "document"


def _find_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and "content.xml" in names:
                with archive.open("mimetype") as file:
                    return "ods" if b"spreadsheet" in file.read(200) else "document"
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise ForeignError(path, "damaged", error) from error
    if names & {"xl/workbook.xml", "xl/workbook.bin"}:
        return "xlsx"
    if "word/document.xml" in names:
        return "document"
    return "csv" if packed.tables(path) else "zip"


def find_encoding(path: Path, asked: str = "") -> str:
    """Return the encoding of a whole text file, checked to its last byte.

    Raises:
        ForeignError: it is in no encoding as a whole, or its accents were lost before.
    """
    if asked:
        try:
            name = codecs.lookup(asked).name
            "".encode(name)
        except (LookupError, ValueError):
            raise ForeignError(path, "unknown-encoding", asked) from None
        _check(path, "utf-8-sig" if name == "utf-8" else name)
        return "utf-8-sig" if name == "utf-8" else name
    with packed.open_bytes(path) as file:
        head = file.read(4096)
    for bom, name in _BOMS:
        if head.startswith(bom):
            _check(path, name)
            return name
    if wide := _wide(head):
        _check(path, wide)
        return wide
    high = _count_high_bytes(path)
    if not high:
        return "utf-8"
    good, bad, line = _try_utf8(path)
    if not bad:
        _refuse_spoilt(path)
        return "utf-8"
    if good:
        raise ForeignError(path, "wrong-encoding", "UTF-8", line)
    return _old_encoding(path, high)


def _wide(head: bytes) -> str:
    """Return which UTF-16 without a mark a text looks like: every other byte is NUL."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * half and odd < 0.05 * half else ""


def _chunks(path: Path) -> Iterator[bytes]:
    with packed.open_bytes(path) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _check(path: Path, encoding: str) -> None:
    """Refuse a file that is not in an encoding to its last byte."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    try:
        for chunk in _chunks(path):
            line += decoder.decode(chunk).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        shown = encoding.removesuffix("-sig").upper()
        good = error.object[: error.start].decode(encoding, "replace")
        raise ForeignError(path, "wrong-encoding", shown, line + good.count("\n")) from None
    except UnicodeError:
        raise ForeignError(path, "wrong-encoding", encoding.upper(), line) from None


_ASCII = bytes(range(128))


def _count_high_bytes(path: Path) -> Counter[int]:
    high: Counter[int] = Counter()
    for chunk in _chunks(path):
        if 0 in chunk:
            raise ForeignError(path, "nul")
        high.update(chunk.translate(None, _ASCII))
    return high


def _try_utf8(path: Path) -> tuple[bool, bool, int]:
    """Return whether French letters are in UTF-8, whether bytes are not, and the first such line.

    Only the bytes of French letters are no text in other encodings: `É»` in cp1252 is ɻ.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good, first, line = False, 0, 1
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        if not text.isascii():
            good = good or any(letter in text for letter in _SURE)
            try:
                text.encode()
            except UnicodeEncodeError as error:
                first = first or line + text.count("\n", 0, error.start)
        line += text.count("\n")
    cut = bool(decoder.decode(b"", final=True))
    return good, bool(first) or cut, first or line


def _old_encoding(path: Path, high: Counter[int]) -> str:
    """Return the one-byte encoding under which a text reads most like French."""
    sample = next(_chunks(path), b"")
    scores = {}
    for name in _OLD_ENCODINGS:
        letters = bytes(high).decode(name, "replace")
        weights = zip(letters, high.values(), strict=True)
        score = sum(number * _WEIGHTS.get(letter, -1) for letter, number in weights)
        scores[name] = score - 6 * len(_MIXED_CASE.findall(sample.decode(name, "replace")))
    best = max(scores.values())
    if scores["cp1252"] == best:
        undefined = {0x81, 0x8D, 0x8F, 0x90, 0x9D} & set(high)
        return "latin-1" if undefined else "cp1252"
    return next(name for name, score in scores.items() if score == best)


def _refuse_spoilt(path: Path) -> None:
    """Refuse UTF-8 that was read as cp1252 and saved as UTF-8 once more."""
    spoilt, right, shown = 0, 0, ""
    with packed.open_text(path, "utf-8", "replace") as file:
        while text := file.read(CHUNK):
            for mark in _SPOILT:
                if number := text.count(mark):
                    spoilt += number
                    place = text.index(mark)
                    shown = shown or " ".join(text[max(0, place - 10) : place + 10].split())
            right += text.count("é") + text.count("è") + text.count("à")
    if spoilt > 2 and spoilt > right:
        raise ForeignError(path, "twice-encoded", shown)
