"""The tables that the benchmarks print."""

Rows = list[list[str]]


def seconds(value: float | None) -> str:
    """Return seconds as a text, a dash for none."""
    return "—" if value is None else f"{value:.4f}" if value < 0.1 else f"{value:.2f}"


def number(value: float | None) -> str:
    """Return a whole number as a text, nothing for none."""
    return "" if value is None else f"{value:,.0f}"


def print_table(title: str, rows: Rows) -> None:
    """Print rows under their title; the first row is the header."""
    columns = range(len(rows[0]))
    rows = [[*row, *[""] * (len(columns) - len(row))] for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in columns]
    print(f"\n{title}\n")
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0]), *(row[i].rjust(widths[i]) for i in columns[1:])]
        print("  ".join(cells).rstrip())
        if not number:
            print("  ".join("-" * width for width in widths), flush=True)
