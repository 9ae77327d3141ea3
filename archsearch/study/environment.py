"""What decides an evaluation's result besides its key: versions and the processor. Free of torch."""

from __future__ import annotations

import functools
import os
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from types import MappingProxyType

PACKAGES = ("archsearch", "torch", "numpy", "optuna")


@functools.cache
def environment() -> Mapping[str, object]:
    """This machine's environment. Another instruction set may change the last bits of trained weights."""
    values: dict[str, object] = {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": _processor("model name") or platform.processor() or platform.machine(),
        "instruction_sets": _instruction_sets(),
        "cores": os.cpu_count() or 1,
        "threads": 1,
        "gpus": _gpus(),
    }
    values |= {package: _version(package) for package in PACKAGES}
    return MappingProxyType(values)


def usable_cores() -> int:
    """The cores on which this process may run."""
    return len(os.sched_getaffinity(0))


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"


def _processor(key: str) -> str:
    """The first value of a key of /proc/cpuinfo."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next(
        (value.strip() for name, _, value in (line.partition(":") for line in lines) if name.strip() == key), ""
    )


def _instruction_sets() -> list[str]:
    """Of the processor's instruction sets those by which numerical libraries choose their code."""
    flags = _processor("flags").split()
    return sorted(flag for flag in flags if flag.startswith(("avx", "fma", "amx")))


def _gpus() -> list[str]:
    """Models of the graphics cards as NVIDIA's driver names them."""
    models = []
    for path in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key == "Model":
                models.append(value.strip())
    return models
