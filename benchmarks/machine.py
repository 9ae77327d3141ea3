"""The machine that a run was made on, in words."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import torch

from archsearch.backends.native.compiler import compiler, machine_form


def describe(packages: Sequence[str]) -> dict[str, str]:
    """Processor, cores, compiler, the packages' versions, day and load, each by its name."""
    load = os.getloadavg()[0]
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "numpy", *packages))
    return {
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores, vectors: {machine_form().name}",
        "compiler": _compiler(),
        "packages": f"Python {platform.python_version()}, {versions}; sgemm: {_product_library()}",
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "load at the start": f"{load:.2f}",
    }


def _processor() -> str:
    """The processor's name, with family and model where the name says little."""
    found: dict[str, str] = {}
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        found.setdefault(name.strip(), value.strip())
    name = found.get("model name", platform.machine())
    return f"{name} (family {found['cpu family']}, model {found['model']})" if "cpu family" in found else name


def _compiler() -> str:
    command = compiler()
    if command is None:
        return "none"
    done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.partition("\n")[0]


def _product_library() -> str:
    """The library that torch takes matrix products from."""
    config = torch.__config__.show()
    return next(
        (name for key, name in (("BLAS_INFO=mkl", "MKL"), ("BLAS_INFO=open", "OpenBLAS")) if key in config), "?"
    )
