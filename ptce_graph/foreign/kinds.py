"""What a row of each kind of foreign table becomes in our tables."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from ptce_graph.foreign.links import add_numbered, check_period
from ptce_graph.foreign.session import NAME, Reject, Session, slug
from ptce_graph.foreign.tables import Values
from ptce_graph.foreign.territories import take_membership, take_territory

Take = Callable[[Session, Values], str]
"""A row of values → what became of it: `new`, `known-actor`, `repeated` or `undecided`."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of foreign table.

    Attributes:
        name: as `--as` says it.
        fields: what it may hold: field → normalisation, or "" for one that depends on the tables.
        guessed: the fields whose columns are recognised by their names.
        needed: for each, one of these fields must have a column or a constant.
        take: puts a row into our tables.
    """

    name: str
    fields: dict[str, str]
    guessed: tuple[str, ...]
    needed: tuple[tuple[str, ...], ...]
    take: Take


def _organisation(session: Session, values: Values) -> str:
    _check_identifiers(values)
    session.place(values)
    key, outcome = session.organisation(values)
    if site := values.get("website"):
        table = session.folder.table("websites.csv")
        table.put({"organisation": key, "website": site, "certainty": "stated"})
    return "known-actor" if outcome == "known" else outcome


def _check_identifiers(values: Values) -> None:
    siren, siret = values.get("siren", ""), values.get("siret", "")
    if siren and siret and not siret.startswith(siren):
        raise Reject("siren-siret", siren, siret)


def _actor(session: Session, values: Values) -> str:
    """Find or add the organisation that a row is about, and return its key."""
    _check_identifiers(values)
    session.place(values)
    return session.organisation(values)[0]


def _membership(session: Session, values: Values) -> str:
    pole = session.pole(values.get("pole", ""))
    role = session.code("role", "role", values.get("role") or "member")
    period = {k: values[k] for k in ("valid_from", "valid_until", "observed_in") if values.get(k)}
    check_period(period)
    if "valid_from" in period:
        period.pop("observed_in", None)
    key = _actor(session, values)
    session.resolved["role"] = role
    row = {"pole": pole, "organisation": key, "role": role, "certainty": "stated", **period}
    if site := values.get("website"):
        table = session.folder.table("websites.csv")
        table.put({"organisation": key, "website": site, "certainty": "stated"})
    return add_numbered(session, "memberships.csv", f"{pole}-{key}-{role}", row, "membership")


def _grant(session: Session, values: Values) -> str:
    funder = {"name": values.get("funder_name", ""), "siret": values.get("funder_siret", "")}
    funder_key = ""
    if any(funder.values()):
        funder_key = session.organisation(funder)[0]
    if values.get("pole"):
        target = {"pole": session.pole(values["pole"])}
    else:
        target = {"organisation": _actor(session, values)}
    if funder_key and funder_key == target.get("organisation"):
        raise Reject("same-actor", funder["name"] or funder["siret"])
    instrument = values.get("instrument") or ""
    row = {
        "funder": funder_key,
        **target,
        "instrument": instrument and session.code("funding-instrument", "instrument", instrument),
        "amount": values.get("amount", ""),
        "bound": "exact" if values.get("amount") else "",
        "observed_in": "" if values.get("valid_from") else values.get("date", ""),
        "valid_from": values.get("valid_from", ""),
        "valid_until": values.get("valid_until", ""),
        "reference": values.get("reference", ""),
        "purpose": values.get("purpose", ""),
        "certainty": "stated",
    }
    check_period(row)
    said = "\x1f".join(f"{k}={v}" for k, v in sorted(row.items()) if v)
    digest = hashlib.sha256(said.encode()).hexdigest()[:12]
    row |= {"id": f"{session.source}-{digest}", "source": session.source}
    session.about = ("fundings.csv", row["id"])
    session.resolved["instrument"] = row["instrument"]
    return "new" if session.folder.table("fundings.csv").put(row) else "repeated"


def _pole(session: Session, values: Values) -> str:
    session.place(values)
    name = values.get("name", "")
    if not name:
        raise Reject("missing-value", NAME)
    if session.poles.get(name) or session.poles.get(slug(name).replace("-", " ")):
        key = session.pole(name)
        own = session.folder.table("poles.csv").get((key,))
        if own is None:
            session.folder.table("pole_sources.csv").put({"pole": key, "source": session.source})
            return "known-actor"
        return "repeated"
    row = {k: values.get(k, "") for k in (*_NAMES, "commune", "departement", "region")}
    key = slug(values.get("id", "") or name)
    if not key:
        raise Reject("no-letters", "name", name)
    located = any(values.get(k) for k in ("commune", "departement", "region"))
    row |= {"id": key, "location_certainty": "stated" if located else ""}
    if values.get("sector"):
        row["sector"] = session.code("sector", "sector", values["sector"])
    row |= {"certainty": "stated", "source": session.source}
    added = session.folder.table("poles.csv").put(row)
    session.poles |= {key: key, slug(name).replace("-", " "): key}
    return "new" if added else "repeated"


_DECISIONS = {
    **dict.fromkeys(("same", "meme", "identique", "oui", "yes"), "same_as"),
    **dict.fromkeys(("close", "proche", "close match"), "close_to"),
    **dict.fromkeys(("different", "differents", "non", "no", "other", "autre"), "different_from"),
}


def _identity(session: Session, values: Values) -> str:
    """A person's decision on two actors: the same, close, different; undone by removing its row."""
    text = slug(values.get("decision", "")).replace("-", " ")
    if not text:
        return "undecided"
    column = _DECISIONS.get(text)
    if not column:
        raise Reject("unknown-code", "decision", text, "same, close, different")
    one, other = values.get("organisation", ""), values.get("candidate", "")
    for name, key in (("organisation", one), ("candidate", other)):
        if not session.is_actor(key):
            raise Reject("unknown-actor", name, key)
    for name in ("decided_by", "decided_on", "why"):
        if not values.get(name):
            raise Reject("missing-value", name)
    if one == other:
        raise Reject("same-actor", one)
    said = {k: values[k] for k in ("decided_by", "decided_on", "why")}
    row = {"id": f"{one}-{other}", "organisation": one, column: other, **said}
    table = session.folder.table("identities.csv")
    before = table.get((row["id"],))
    if before and not all(before.get(k, "") == v for k, v in row.items()):
        raise Reject("other-values", "identities.csv", row["id"], before["why"])
    return "new" if table.put(row) else "repeated"


_ACTOR = {
    "name": "text",
    "alt_names": "text",
    "kind": "",
    "legal_form": "",
    "siren": "siren",
    "siret": "siret",
    "rna": "rna",
    "commune": "commune",
    "commune_name": "text",
    "postcode": "postcode",
    "departement": "in departement",
    "region": "in region",
    "website": "website",
    "organisation": "",
    "id": "",
}
_ACTOR_GUESSED = tuple(n for n in _ACTOR if n not in ("organisation", "id"))
_NAMES = ("name", "alt_names")
_PLACE = ("commune", "commune_name", "postcode", "departement", "region")
_NAMED = (("name", "siren", "siret", "rna", "organisation"),)
_TIMES = {"valid_from": "date", "valid_until": "date", "observed_in": "date"}

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("organisations", _ACTOR, (*_ACTOR_GUESSED, "id"), _NAMED, _organisation),
        Kind(
            "memberships",
            {"pole": "text", "role": "", **_ACTOR, **_TIMES},
            ("pole", "role", *_TIMES, *_ACTOR_GUESSED),
            (("pole",), *_NAMED),
            _membership,
        ),
        Kind(
            "grants",
            {
                "funder_name": "text",
                "funder_siret": "siret",
                "amount": "amount",
                "date": "date",
                "reference": "text",
                "purpose": "text",
                "instrument": "",
                "valid_from": "date",
                "valid_until": "date",
                "pole": "text",
                **_ACTOR,
            },
            (
                *("funder_name", "funder_siret", "amount", "date", "reference", "purpose"),
                *("instrument", "pole"),
                *_ACTOR_GUESSED,
            ),
            (("name", "siren", "siret", "rna", "pole"), ("amount",)),
            _grant,
        ),
        Kind(
            "poles",
            {**{k: _ACTOR[k] for k in (*_NAMES, *_PLACE, "id")}, "sector": ""},
            (*_NAMES, *_PLACE),
            (("name",),),
            _pole,
        ),
        Kind(
            "territories",
            {
                "level": "",
                "code": "",
                "name": "text",
                "region": "region",
                "siren": "siren",
                "kind": "",
            },
            ("code", "name", "region", "level"),
            (("code", "siren"), ("name",)),
            take_territory,
        ),
        Kind(
            "territory-memberships",
            {
                "group_siren": "siren",
                "member_siren": "siren",
                "member_code": "commune",
                "name": "text",
                "role": "",
                **_TIMES,
            },
            ("group_siren", "member_siren", "member_code"),
            (("group_siren",), ("member_siren",)),
            take_membership,
        ),
        Kind(
            "identities",
            {
                "organisation": "",
                "candidate": "",
                "decision": "",
                "decided_by": "",
                "decided_on": "date",
                "why": "",
            },
            ("organisation", "candidate", "decision", "decided_by", "decided_on", "why"),
            (("organisation",), ("candidate",), ("decision",)),
            _identity,
        ),
    )
}
"""The kinds of tables that can be imported, by the name that `--as` takes."""
