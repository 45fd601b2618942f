"""Measuring: fresh processes, engines in turn, medians, and results that must be the same."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = 3
SLOW = 5
"""Seconds from which one round is enough."""
LIMIT = 60
"""Seconds after which an engine is stopped."""


@dataclass(slots=True)
class Run:
    """What one or several processes took for a task.

    Attributes:
        parts: seconds of each part of the task that was done.
        memory: peak of memory in MB, where the system says it.
        size: bytes of what was made, where that is of interest.
        result: what the engines must agree on; None when the process was stopped.
    """

    parts: dict[str, float] = field(default_factory=dict)
    memory: float | None = None
    size: int | None = None
    result: object = None

    @property
    def finished(self) -> bool:
        """Whether the task was done in the time given."""
        return self.result is not None

    @property
    def seconds(self) -> float:
        """Seconds of all parts."""
        return sum(self.parts.values())


def measure(task: str, engines: list[str], project: Path) -> dict[str, Run]:
    """Return the median run of each engine, and check that their results are the same."""
    runs: dict[str, list[Run]] = {engine: [] for engine in engines}
    for _ in range(ROUNDS):
        for engine, done in runs.items():
            if not done or (done[-1].finished and done[-1].seconds < SLOW):
                done.append(_run(task, engine, project))
    results = [run.result for done in runs.values() for run in done if run.finished]
    differences = [result for result in results if result != results[0]]
    assert not differences, f"{task} of {project.name}: {results[0]} ≠ {differences[0]}"
    return {engine: _median(done) for engine, done in runs.items()}


def _run(task: str, engine: str, project: Path) -> Run:
    command = [sys.executable, "-m", "tests.bench.tasks", task, engine, str(project)]
    try:
        output = subprocess.run(
            command, cwd=ROOT, timeout=LIMIT, check=True, stdout=subprocess.PIPE
        ).stdout
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
    run = Run()
    for line in output.splitlines():
        facts = json.loads(line)
        if "part" in facts:
            run.parts[facts["part"]] = facts["seconds"]
        run.memory = facts.get("memory", run.memory)
        run.size = facts.get("bytes", run.size)
        run.result = facts.get("result", run.result)
    return run


def _median(runs: list[Run]) -> Run:
    done = [run for run in runs if run.finished] or runs
    parts = {part: statistics.median(run.parts[part] for run in done) for part in done[0].parts}
    memories = [run.memory for run in done if run.memory is not None]
    memory = statistics.median(memories) if memories else None
    return Run(parts, memory, done[0].size, done[0].result)


def time_process(command: list[str], folder: Path) -> float:
    """Return the median seconds of a whole process, which must succeed."""
    times = []
    for _ in range(2 * ROUNDS + 1):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)
