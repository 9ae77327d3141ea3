"""What is kept about the machine."""

from __future__ import annotations

import json
import os
import platform

from archsearch.study.environment import PACKAGES, environment, usable_cores


def test_versions_and_processor_are_named() -> None:
    found = dict(environment())
    assert set(PACKAGES) <= found.keys()
    assert found["python"] == platform.python_version()
    assert found["processor"]
    assert "unknown" not in found.values()


def test_it_is_plain_data_and_does_not_change() -> None:
    assert json.loads(json.dumps(dict(environment()))) == dict(environment())


def test_usable_cores_are_those_of_this_process() -> None:
    assert usable_cores() == len(os.sched_getaffinity(0)) >= 1
