"""Whether a relation holds at a date: certainly, possibly, not that we know, or certainly not."""

from __future__ import annotations

HOLDS = ("certain", "possible", "unknown")
"""What `holds` may say of a relation that no date excludes."""


def first_day(date: str) -> str:
    """Return the first day of a year, a month or a day.

    >>> first_day("2014"), first_day("2014-05"), first_day("")
    ('2014-01-01', '2014-05-01', '')
    """
    return date and date + "-01-01"[len(date) - 4 :]


def last_day(date: str) -> str:
    """Return the last day of a year, a month or a day; months are taken to have 31.

    >>> last_day("2014"), last_day("2014-05"), last_day("")
    ('2014-12-31', '2014-05-31', '')
    """
    return date and date + "-12-31"[len(date) - 4 :]


def holds(date: str, since: str, until: str, seen: str) -> str:
    """Return one of HOLDS, or "" where the dates say that the relation does not hold.

    It is certain where the dates prove it at some moment of `date`; possible where they allow it
    (seen before, or begun without a known end); unknown where it was only seen later, or is not
    dated. The question `network-at-date` says the same in SPARQL.

    >>> [holds("2015", since, "", "") for since in ("2013", "2015-05", "2016")]
    ['possible', 'certain', '']
    >>> [holds("2015", "", "", seen) for seen in ("2014", "2015", "2020")]
    ['possible', 'certain', 'unknown']
    """
    first, last = first_day(date), last_day(date)
    if (since and first_day(since) > last) or (until and last_day(until) < first):
        return ""
    begun_by = last_day(since or seen or until) or "9999"
    ended_after = first_day(until or seen or since) or "0000"
    if begun_by <= last and ended_after >= first:
        return "certain"
    allowed = since or until or (seen and first_day(seen) <= last)
    return "possible" if allowed else "unknown"
