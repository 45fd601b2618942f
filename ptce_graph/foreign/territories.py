"""Rows about territories: communes, départements, regions, EPCI, and who is a member of which."""

from __future__ import annotations

from ptce_graph.foreign.links import PERIOD, add_numbered
from ptce_graph.foreign.places import departement_of
from ptce_graph.foreign.session import NAME, Reject, Session, slug
from ptce_graph.foreign.tables import Values


def take_territory(session: Session, values: Values) -> str:
    """Put a commune, a département, a region or an EPCI into the tables of territories."""
    level = _LEVELS.get(slug(values.get("level", "")) or "commune", "")
    if not level:
        raise Reject("unknown-code", "level", values["level"], ", ".join(sorted(_LEVELS)))
    if level == "epci":
        return _group(session, values)
    read = {"communes": "commune", "departements": "departement", "regions": "region"}[level]
    code = session.normal(read, "code", values.get("code", ""))
    if not values.get("name"):
        raise Reject("missing-value", NAME)
    row = {"code": code, "name": values["name"]}
    if level == "communes":
        row["departement"] = departement_of(code)
    elif level == "departements":
        row["region"] = values.get("region") or code
    known = session.elsewhere(f"{level}.csv", "code").get(code)
    if known:
        if known["name"] != row["name"]:
            session.keep(f"{level}.csv", code, "name", row["name"], known["name"])
            session.remarks.add("differs")
        return "known-actor"
    return "new" if session.folder.table(f"{level}.csv").put(row) else "repeated"


_LEVELS = {
    **dict.fromkeys(("commune", "commune-actuelle", "com", "communes"), "communes"),
    **dict.fromkeys(("arrondissement-municipal", "arm"), "communes"),
    **dict.fromkeys(("departement", "dep", "departements", "department"), "departements"),
    **dict.fromkeys(("region", "reg", "regions"), "regions"),
    **dict.fromkeys(("epci", "intercommunality"), "epci"),
}


def _group(session: Session, values: Values) -> str:
    """Put an EPCI among the organisations: it is a public body, its territory another thing."""
    siren = values.get("siren") or session.normal("siren", "code", values.get("code", ""))
    actor = {"name": values.get("name", ""), "siren": siren}
    actor["kind"] = values.get("kind") or "LocalAuthority"
    _, outcome = session.organisation(actor)
    return "known-actor" if outcome == "known" else outcome


def take_membership(session: Session, values: Values) -> str:
    """A commune is a member of an EPCI: both as the public bodies that they are."""
    for name in ("group_siren", "member_siren"):
        if not values.get(name):
            raise Reject("missing-value", name)
    body = {"siren": values["group_siren"], "name": "", **_AUTHORITY}
    group = session.organisation(body, named=False)[0]
    code = values.get("member_code", "")
    name = values.get("name") or session.places.communes.get(code, "")
    if code and code not in session.places.communes:
        raise Reject("unknown-code", "member_code", code, "communes.csv")
    body = {"siren": values["member_siren"], "name": name, "commune": code, **_AUTHORITY}
    body["legal_form"] = "7210"
    key = session.organisation(body)[0]
    if code:
        session.folder.table("administrations.csv").put({"organisation": key, "commune": code})
    role = values.get("role") or "member"
    row = {
        "collaboration": group,
        "organisation": key,
        "role": session.code("role", "role", role),
        "certainty": "stated",
        **{k: values[k] for k in PERIOD if values.get(k)},
    }
    stem = f"{group}-{key}-{row['role']}"
    return add_numbered(session, "collaboration_memberships.csv", stem, row, "membership")


_AUTHORITY = {"kind": "LocalAuthority"}
