"""`ptce import`: other people's tables become tables of the graph."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ptce_graph import terminal
from ptce_graph.cli.settings import CONTEXT, common, settings, write


def _pairs(values: tuple[str, ...], option: str) -> dict[str, str]:
    found = {}
    for value in values:
        name, mark, rest = value.partition("=")
        if not mark or not name.strip():
            raise click.UsageError(f"{option} {value}: FIELD=…")
        found[name.strip()] = rest
    return found


@click.command("import", context_settings=CONTEXT)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", default="", metavar="KIND", help="What a row is: see below.")
@click.option(
    "-o", "--output", "target", required=True, type=click.Path(path_type=Path), metavar="FOLDER",
    help="Folder of the sources to write: graph/sources/NAME/.",
)  # fmt: skip
@click.option(
    "--mapping", type=click.Path(path_type=Path), metavar="TOML",
    help="Mapping file, or the name of one of graph/mappings/.",
)  # fmt: skip
@click.option(
    "--join", type=click.Path(path_type=Path), metavar="FILE", help="Second file, by key."
)
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--write-mapping", type=click.Path(), metavar="TOML", help="Write the mapping down.")
@click.option("--column", multiple=True, metavar="FIELD=COLUMN", help="Which column a field is.")
@click.option("--set", "constants", multiple=True, metavar="FIELD=VALUE", help="Value of all rows.")
@click.option("--filter", "filters", multiple=True, metavar="COLUMN=VALUE", help="Rows to take.")
@click.option("--encoding", default="", help="utf-8, utf-16, cp1252, latin-1 … [recognised].")
@click.option("--delimiter", default="", help="; , | or TAB [recognised].")
@click.option("--sheet", default="", help="Sheet of a spreadsheet [the first known].")
@click.option("--header", default="", metavar="N[-M]", help="Lines of column names; 0: none.")
@click.option("--title", default="", help="Title of the document [name of the file].")
@click.option("--publisher", default="", help="Who publishes it [name of the folder].")
@click.option("--url", default="", help="Address of the document.")
@click.option("--date", default="", help="Date of the document.")
@click.option("--with-personal-data", "personal", is_flag=True, help="Read personal columns too.")
@click.option("--replace", is_flag=True, help="Make the folder from this file alone.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
@common
def import_(
    file: Path,
    kind: str,
    target: Path,
    mapping: Path | None,
    join: Path | None,
    write_mapping: str | None,
    column: tuple[str, ...],
    constants: tuple[str, ...],
    filters: tuple[str, ...],
    encoding: str,
    delimiter: str,
    sheet: str,
    header: str,
    dry: bool,
    personal: bool,
    replace: bool,
    as_json: bool,
    **source: str,
) -> None:
    """Import a table of somebody else: CSV of any kind, XLSX, XLS, ODS, JSON, GeoJSON, Parquet.

    A row is: organisations, memberships, grants, poles, territories, territory-memberships or
    identities (--as).

    \b
    Example:
      ptce import members.xlsx --as memberships --set pole=sud-aquitaine -o graph/sources/members/
      ptce build
    """
    from ptce_graph.foreign.plan import parse_filter, parse_header
    from ptce_graph.foreign.reading import Overrides

    run = settings()
    mark = "\t" if delimiter.upper() in ("TAB", "\\T", "\t") else delimiter
    if len(mark) > 1:
        raise click.UsageError("--delimiter: one character, or TAB")
    with terminal.progress() as step:
        receipt = run.graph.import_(
            file,
            target,
            kind=kind,
            mapping=mapping,
            join=join,
            overrides=Overrides(encoding, mark, sheet, parse_header(header) if header else None),
            columns=_pairs(column, "--column"),
            constants=_pairs(constants, "--set"),
            filters=tuple(map(parse_filter, filters)),
            source={name: value for name, value in source.items() if value},
            personal=personal,
            replace=replace,
            dry=dry,
            progress=step,
        )
    if as_json:
        click.echo(json.dumps(receipt.as_dict(run.language), ensure_ascii=False, indent=1))
    else:
        for line in receipt.decisions(run.language):
            click.echo(line)
        click.echo()
        for line in receipt.describe(run.language):
            click.echo(line)
    if write_mapping:
        write(receipt.mapping.encode(), write_mapping)
