"""Settings of every test: one torch thread, examples that repeat, nothing from the developer's environment."""

from __future__ import annotations

import os
import random
import signal

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.databases.fixtures"]

# Read by torch when it is first imported, and by child processes: importing torch here would cost every test run.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

# Variables that would lead tests to the developer's studies or PostgreSQL. ARCHSEARCH_TEST_* is meant for the tests.
for variable in list(os.environ):
    if variable.startswith(("ARCHSEARCH_", "PG")) and not variable.startswith("ARCHSEARCH_TEST_"):
        del os.environ[variable]

# Shells let what runs in the background ignore SIGINT, and children inherit that: then Ctrl-C would end none of them.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# "ci" draws the same examples in every run and never looks at the clock. `pytest --hypothesis-profile=thorough`
# draws fresh ones, and more of them.
settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare `--shuffle`."""
    parser.addoption(
        "--shuffle", metavar="SEED", help="run the files, and the tests of each, in the order of this seed"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle the files and the tests of each: fixtures of a file are made once, as without it."""
    seed = config.getoption("shuffle")
    if seed is not None:
        generator = random.Random(seed)
        files = {item.path: generator.random() for item in items}
        items.sort(key=lambda item: (files[item.path], generator.random()))
