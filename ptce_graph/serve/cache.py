"""The answers of one build that were asked for last."""

from __future__ import annotations

from collections import OrderedDict

from ptce_graph.serve.process import Answer


class Cache:
    """Answers by what was asked, as many as find room: the graph of a build does not change."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._answers: OrderedDict[object, Answer] = OrderedDict()

    def get(self, key: object) -> Answer | None:
        """Return an answer that was kept."""
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def put(self, key: object, answer: Answer) -> None:
        """Keep a whole answer; those asked for longest ago make room."""
        if key in self._answers or answer.pieces is not None:
            return
        self._answers[key] = answer
        self._left -= len(answer.body) + 1024
        while self._left < 0:
            _, oldest = self._answers.popitem(last=False)
            self._left += len(oldest.body) + 1024
