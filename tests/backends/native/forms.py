"""The ways of compiling that this machine can run, each chosen explicitly."""

from __future__ import annotations

import platform

import pytest

from archsearch.backends.native.compiler import AVX2, AVX512, PLAIN, Form, _processor, machine_form

X86 = platform.machine() in ("x86_64", "AMD64")

WITHOUT_ASSEMBLY = Form("without assembly", 16, ("-U__SSE2__",) if X86 else ())
"""What is compiled where no processor is known by name."""


def forms() -> list[Form]:
    """Every form that runs here."""
    flags = _processor().split()
    found = [PLAIN, WITHOUT_ASSEMBLY] if X86 else [WITHOUT_ASSEMBLY]
    if "avx2" in flags and "fma" in flags:
        found.append(AVX2)
    if "avx512f" in flags and "avx512dq" in flags:
        found.append(AVX512)
    return found if machine_form() in found else [*found, machine_form()]


each_form = pytest.mark.parametrize("form", forms(), ids=[form.name for form in forms()])
each_real = pytest.mark.parametrize("real", ["float", "double"])
