"""Imported by Python at its start: coordinators evaluate with a stand-in for training, and load no torch."""

import functools

from archsearch.study.executors import local
from tests.study import fake_work
from tests.study.runner.gate import train_behind_the_gate

local.EXECUTOR = functools.partial(  # type: ignore[assignment]
    local.LocalExecutor, work=fake_work.work(train_behind_the_gate)
)
