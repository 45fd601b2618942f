"""The figures of the gates, printed at the end of a run."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests recorded with `record_property("gate", "G1  …")`."""
    reports = [
        report
        for outcome in ("passed", "failed", "skipped")
        for report in terminalreporter.stats.get(outcome, [])
    ]
    lines = {
        str(value)
        for report in reports
        for key, value in getattr(report, "user_properties", [])
        if key == "gate"
    }
    if lines:
        terminalreporter.section("gates")
        for line in sorted(lines, key=_by_number):
            terminalreporter.write_line(line)


def _by_number(line: str) -> tuple[int, str]:
    digits = line.split()[0].removeprefix("G")
    return (int(digits) if digits.isdigit() else 99, line)
