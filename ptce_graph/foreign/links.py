"""Links between actors: each has a key that says what it links, and a period."""

from __future__ import annotations

from ptce_graph.foreign.session import Reject, Session
from ptce_graph.foreign.tables import Values

PERIOD = ("valid_from", "valid_until", "observed_in")


def check_period(period: Values) -> None:
    """Refuse a link that ends before it begins.

    Raises:
        Reject: it does.
    """
    start, end = period.get("valid_from", ""), period.get("valid_until", "")
    if start and end and end < start[: len(end)]:
        raise Reject("bad-period", start, end)


def add_numbered(session: Session, name: str, stem: str, row: Values, thing: str) -> str:
    """Add a row whose key says what it links; the same link of another time gets a number."""
    table, elsewhere = session.folder.table(name), session.elsewhere(name)
    for number in range(1, 1_000):
        key = stem if number == 1 else f"{stem}-{number}"
        session.about = (name, key)
        there = table.get((key,))
        if there is None and (other := elsewhere.get(key)):
            if all(other.get(k, "") == v for k, v in row.items()):
                session.folder.table(f"{thing}_sources.csv").put(
                    {thing: key, "source": session.source}
                )
                return "repeated"
            continue
        if there is None:
            table.put({"id": key, **row, "source": session.source})
            return "new"
        if all(there.get(k, "") == row.get(k, "") for k in PERIOD):
            return "repeated"
    raise AssertionError("a thousand periods of one link")
