"""How a web server answers the IRIs: content negotiation for Apache, nginx and w3id.org.

An IRI has no ending: whoever asks for it is sent (303 See Other) to the page in French or English,
to Turtle or to JSON-LD, by the headers Accept and Accept-Language. https://www.w3.org/TR/cooluris/
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ptce_graph.namespaces import BASE

_TYPES = {
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/n-quads": "nq",
    "application/trig": "trig",
    "application/sparql-query": "rq",
    "application/rdf+xml": "rdf",
    "application/gexf+xml": "gexf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_OTHERS = {"catalog": "catalog.ttl", "void": "void.ttl", "shapes": "shapes.ttl"}
_AGENTS = {"publisher": "dataset", "contact": "dataset"}


def path(base: str) -> str:
    """Return the path of the address of a site, with its slashes.

    >>> path("https://example.org/ptce/")
    '/ptce/'
    """
    return urlsplit(base).path or "/"


def site(base: str) -> str:
    """Return `.htaccess` of the site, for Apache."""
    types = [f"AddType {media} .{ending}" for media, ending in _TYPES.items()]
    return _lines(
        "# Content negotiation for the addresses without endings (Apache, mod_rewrite).",
        "Options -MultiViews -Indexes",
        "DirectorySlash Off",
        *types,
        "AddCharset utf-8 .html .css .js .ttl .jsonld .nq .trig .rq .csv .txt",
        f"ErrorDocument 404 {path(base)}404.html",
        "RewriteEngine On",
        "RewriteRule ^\\.well-known/void$ - [T=text/turtle,L]",
        "RewriteCond %{REQUEST_FILENAME} -f",
        "RewriteRule ^ - [L]",
        *_rules(path(base)),
    )


def w3id(base: str) -> str:
    """Return `ptce/.htaccess` of w3id.org, which sends the lasting addresses to the site."""
    return _lines(
        f"# {BASE}: graph of the French PTCE and of their cooperation.",
        "Options +FollowSymLinks",
        "RewriteEngine On",
        *_rules(base),
        f"RewriteRule ^(.*)$ {base}$1 [R=303,L]",
    )


def _lines(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def _rules(to: str) -> list[str]:
    """Return the rules of Apache that send addresses without endings below an address."""
    return [
        *(f"RewriteRule ^{name}$ {to}{file} [R=303,L]" for name, file in _OTHERS.items()),
        *_page(f"^({'|'.join(_AGENTS)})$", f"{to}dataset"),
        *_page("^graph/inferred/([a-z-]+)$", f"{to}rules", "#$1", "NE,"),
        *_data("^dataset$", f"{to}catalog", ("text/turtle",)),
        *_page("^dataset$", f"{to}dataset"),
        *_data("^ontology(/[0-9.]+)?$", f"{to}ontology"),
        *_page("^ontology(/[0-9.]+)?$", f"{to}ontology"),
        *_data(_THING, f"{to}$1"),
        *_page(_THING, f"{to}$1"),
    ]


_THING = "^((?:id|scheme|ontology)/(?:(?!\\.(?:html|ttl|jsonld)$).)+)$"


def _data(asked: str, target: str, medias: tuple[str, ...] = tuple(_TYPES)[:2]) -> list[str]:
    """Return the rules that send a client that wants data, and no page, to data."""
    found = []
    for media in medias:
        found += [
            f"RewriteCond %{{HTTP_ACCEPT}} {media.replace('+', '[+]')} [NC]",
            "RewriteCond %{HTTP_ACCEPT} !text/html [NC]",
            f"RewriteRule {asked} {target}.{_TYPES[media]} [R=303,L]",
        ]
    return found


def _page(asked: str, target: str, anchor: str = "", flags: str = "") -> list[str]:
    """Return the rules that send a client to a page: in English if it asks so, else in French."""
    return [
        "RewriteCond %{HTTP:Accept-Language} ^en [NC]",
        f"RewriteRule {asked} {target}.en.html{anchor} [{flags}R=303,L]",
        f"RewriteRule {asked} {target}.fr.html{anchor} [{flags}R=303,L]",
    ]


def nginx(base: str) -> str:
    """Return rules for nginx: a part for its `http` block, a part for its `server` block."""
    root = path(base)
    types = "\n".join(f"        {media} {ending};" for media, ending in _TYPES.items())
    others = "\n".join(
        f"    location = {root}{name} {{ return 303 {root}{file}; }}"
        for name, file in _OTHERS.items()
    )
    agents = "|".join(_AGENTS)
    return f"""\
# Into the block http {{ … }}:
map $http_accept $ptce_form {{
    default page;
    "~*text/html" page;
    "~*text/turtle" ttl;
    "~*application/ld[+]json" jsonld;
}}
map $http_accept_language $ptce_language {{
    default fr;
    "~*^en" en;
}}
map $ptce_form $ptce_ending {{
    default $ptce_language.html;
    ttl ttl;
    jsonld jsonld;
}}

# Into the block server {{ … }}, whose root holds the site at {root}:
    charset utf-8;
    charset_types text/html text/css text/javascript text/csv text/plain text/turtle;
    absolute_redirect off;
    error_page 404 {root}404.html;
    types {{
        text/html html;
        text/css css;
        text/javascript js;
        text/csv csv;
        text/plain txt;
        image/svg+xml svg;
        application/xml xml;
        application/json json;
        application/gzip gz;
{types}
    }}
{others}
    location = {root}.well-known/void {{ types {{ }} default_type text/turtle; }}
    location = {root}dataset {{
        if ($ptce_form = ttl) {{ return 303 {root}catalog.ttl; }}
        return 303 {root}dataset.$ptce_language.html;
    }}
    location ~ ^{root}({agents})$ {{ return 303 {root}dataset.$ptce_language.html; }}
    location ~ ^{root}graph/inferred/([a-z-]+)$ {{ return 303 {root}rules.$ptce_language.html#$1; }}
    location ~ ^{root}ontology(/[0-9.]+)?$ {{ return 303 {root}ontology.$ptce_ending; }}
    location ~ ^{root}(id|scheme|ontology)/.+\\.(html|ttl|jsonld)$ {{ try_files $uri =404; }}
    location ~ ^{root}(id|scheme|ontology)/.+$ {{ return 303 $uri.$ptce_ending; }}
"""
