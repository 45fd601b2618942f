"""Sorting lines: the same in memory and through files, each once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_graph import lines

TEXTS = st.lists(st.binary(max_size=3).map(lambda text: text.replace(b"\n", b"") + b"\n"))


@given(TEXTS, st.integers(1, 9))
def test_files_and_memory_give_the_same(texts: list[bytes], part: int) -> None:
    """Whatever the size of a part, lines come in order and none twice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "PART", part)
        assert list(lines.sort_lines(texts)) == sorted(set(texts))
        backwards = list(lines.sort_lines(texts, lambda line: line[::-1]))
        assert backwards == sorted(set(texts), key=lambda line: line[::-1])
