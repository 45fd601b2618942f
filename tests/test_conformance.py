"""The W3C's tests of CSV on the Web: what passes, why negative ones fail, and the page of it."""

from __future__ import annotations

import pytest

from tests import conformance
from tests.conformance import Result

pytestmark = pytest.mark.skipif(not conformance.is_there(), reason="needs ../shared/suites/csvw")


@pytest.fixture(scope="module")
def results() -> list[Result]:
    """The whole suite, run once."""
    return conformance.run()


def test_all_but_those_explained_pass(results: list[Result]) -> None:
    """Each test of the suite passes, or its reason is written down; nothing more is."""
    assert len(results) == 270 + 282
    failed = {result.test for result in results if not result.passed}
    assert failed == set(conformance.expected()["not_passed"])
    assert sum(result.passed for result in results) >= 500


def test_negative_tests_fail_for_their_own_reason(results: list[Result]) -> None:
    """What is wrong is refused because of what is wrong in it."""
    reasons = conformance.expected()["negative"]
    said = {r.test: r.message for r in results if r.kind.startswith("Negative") and r.passed}
    assert said == reasons


def test_page_is_what_was_run(results: list[Result]) -> None:
    """docs/conformance.md says what the tests say (`make conformance` writes it)."""
    assert conformance.PAGE.read_text("utf-8") == conformance.page(results)
