"""Compiled kernels on disk: private, whole, made once, and made anew whenever something that counts has changed."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archsearch.backends.native import compiler
from archsearch.backends.native.compiler import PLAIN, Form, cache_folder, load_library
from archsearch.errors import MachineFault, Refused
from tests.backends.native.forms import WITHOUT_ASSEMBLY, X86

TEXT = """/* a comment */
#include "vector.h"
long answer(void) { return 42; }
long lanes(void) { return LANES; }
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    compiler.compiler.cache_clear()
    yield tmp_path / "archsearch" / "kernels"
    compiler.compiler.cache_clear()


def answer(text: str = TEXT) -> int:
    found: int = load_library(text, "float", "-O0").answer()
    return found


def test_a_kernel_is_compiled_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer() == 42
    (made,) = cache.iterdir()
    before = made.stat()
    monkeypatch.setattr(compiler, "_compile", None)
    assert answer() == 42
    assert made.stat().st_mtime_ns == before.st_mtime_ns


def test_the_folder_is_private(cache: Path) -> None:
    answer()
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    cache.chmod(0o755)
    answer()
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_nothing_is_left_behind_but_the_kernel(cache: Path) -> None:
    answer()
    with pytest.raises(Refused):
        answer("this is not C")
    assert [path.suffix for path in cache.iterdir()] == [".so"]


CHANGES: dict[str, Callable[[], ctypes.CDLL]] = {
    "text": lambda: load_library(TEXT.replace("42", "43"), "float", "-O0"),
    "type of number": lambda: load_library(TEXT, "double", "-O0"),
    "optimisation": lambda: load_library(TEXT, "float", "-O1"),
    "width": lambda: load_library(TEXT, "float", "-O0", Form("narrow", 8, ())),
    "flags": lambda: load_library(TEXT, "float", "-O0", Form("narrow", 8, ("-DOTHER",))),
}


def test_everything_that_counts_makes_another_kernel(cache: Path) -> None:
    answer()
    for count, (what, make) in enumerate(CHANGES.items(), start=2):
        make()
        assert len(list(cache.iterdir())) == count, what
    for make in CHANGES.values():
        make()
    assert len(list(cache.iterdir())) == len(CHANGES) + 1
    assert CHANGES["text"]().answer() == 43
    if X86:
        assert load_library(TEXT, "float", "-O0", PLAIN).lanes() == 4
        assert load_library(TEXT, "double", "-O0", WITHOUT_ASSEMBLY).lanes() == 2


def test_comments_make_no_other_kernel(cache: Path) -> None:
    """They hold a cell's name and the numbers that biases and states start from."""
    answer()
    answer(TEXT.replace("a comment", "another\n   comment"))
    assert len(list(cache.iterdir())) == 1


def wrapped_compiler(folder: Path, name: str = "cc") -> Path:
    """A compiler of another name that is the machine's."""
    script = folder / name
    script.write_text(f'#!/bin/sh\nexec {shutil.which("cc")} "$@"\n')
    script.chmod(0o755)
    return script


def test_another_compiler_or_another_version_makes_another_kernel(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer()
    script = wrapped_compiler(tmp_path, "other compiler")
    for count, command in enumerate((f"'{script}'", f"'{script}' -DMORE"), start=2):
        monkeypatch.setenv("CC", command)
        compiler.compiler.cache_clear()
        answer()
        assert len(list(cache.iterdir())) == count
    os.utime(script, ns=(0, 0))
    answer()
    assert len(list(cache.iterdir())) == 4


def test_another_processor_needs_another_kernel(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder may be shared by machines of many kinds."""
    answer()
    monkeypatch.setattr(compiler, "_processor", lambda: "another one")
    answer()
    assert len(list(cache.iterdir())) == 2


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "short": lambda content: content[:40],
    "cut off": lambda content: content[: len(content) // 2],
    "without its checksum": lambda content: content[:-32],
    "one bit": flip,
    "zeros": lambda content: bytes(len(content)),
    "text": lambda _: b"not a library at all, but long enough for a checksum",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_kernel_is_made_again(damage: str, cache: Path) -> None:
    answer()
    (made,) = cache.iterdir()
    whole = made.read_bytes()
    other = made.with_suffix(".new")
    other.write_bytes(DAMAGES[damage](whole))
    other.replace(made)
    assert answer() == 42
    assert list(cache.iterdir()) == [made]
    assert made.read_bytes()[-32:] == hashlib.sha256(made.read_bytes()[:-32]).digest()


RACE = """
import multiprocessing, sys
from archsearch.backends.native.compiler import load_library
def build(barrier, results):
    barrier.wait(60)
    results.put(load_library({text!r}, "float", "-O0").answer())
context = multiprocessing.get_context("fork")
barrier, results = context.Barrier(8), context.Queue()
children = [context.Process(target=build, args=(barrier, results)) for _ in range(8)]
for child in children:
    child.start()
found = [results.get(timeout=60) for _ in children]
for child in children:
    child.join(60)
print(found, [child.exitcode for child in children])
"""


def test_eight_processes_may_build_the_same_kernel_at_once(cache: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RACE.format(text=TEXT)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"{[42] * 8} {[0] * 8}"
    assert [path.suffix for path in cache.iterdir()] == [".so"]


def test_the_folder_of_another_user_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    answer()
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(
        Refused, match=r"kernels' belongs to another user: set \$XDG_CACHE_HOME to a folder of your own"
    ):
        answer()


def test_a_place_that_cannot_be_a_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(
        MachineFault, match=r"no folder for compiled kernels: .*Not a directory.*: set \$XDG_CACHE_HOME"
    ):
        cache_folder()


def test_a_user_without_a_home_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", nobody)
    with pytest.raises(Refused, match=r"no folder for compiled kernels: Could not determine home"):
        cache_folder()


def test_a_folder_without_room_or_rights_is_the_machines_fault_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    with pytest.raises(MachineFault, match=r"no kernel could be built in .* and loaded: .*No space left on device"):
        answer()
