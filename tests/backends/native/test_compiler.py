"""Which compiler is taken, and what is said where there is none or it does not work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from archsearch import build
from archsearch.backends import choose, native
from archsearch.backends.native import compiler, kernels
from archsearch.errors import MachineFault, Refused
from archsearch.ir import lower
from archsearch.space import load_cell
from tests.backends.native.together import fresh_kernels

LSTM = lower(load_cell("lstm"))
NATIVE = native.BACKEND


def forget() -> None:
    compiler.compiler.cache_clear()
    kernels.shared_library.cache_clear()


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No kernel compiled yet, and nothing remembered of this machine."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    forget()
    with fresh_kernels():
        yield
    forget()


def script(folder: Path, body: str) -> str:
    path = folder / "compiler"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def fault(monkeypatch: pytest.MonkeyPatch, command: str) -> str:
    """Why native does not run with this $CC; no other backend takes its place."""
    monkeypatch.setenv("CC", command)
    forget()
    with pytest.raises(MachineFault) as caught:
        NATIVE.refuses(LSTM)
    reason = str(caught.value)
    assert "\n" not in reason
    said = f"the backend 'native' cannot run on this machine: {reason}"
    for names in (["native"], ["native", "reference"]):
        with pytest.raises(MachineFault) as caught:
            choose(names, LSTM)
        assert str(caught.value) == said
    with pytest.raises(MachineFault) as caught:
        build(LSTM, 3, 5, "native")
    assert str(caught.value) == said
    return reason


def test_a_working_compiler_is_no_reason_to_refuse() -> None:
    assert NATIVE.refuses(LSTM) is None
    assert choose(["native", "reference"], LSTM) == ("native", "")


def test_the_usual_names_are_tried_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(compiler, "find_spec", lambda _name: None)
    for name in ("clang", "gcc", "cc"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
        forget()
        assert compiler.compiler() == (name,)


def test_ziglang_is_the_last_resort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(compiler, "find_spec", lambda name: name == "ziglang")
    found = compiler.compiler()
    assert found is not None
    assert found[1:] == ("-m", "ziglang", "cc")


def test_without_a_compiler_the_reason_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(compiler, "find_spec", lambda _name: None)
    reason = fault(monkeypatch, "")
    assert reason.startswith("no C compiler was found (cc, gcc, clang, ziglang): install gcc")
    assert reason.endswith("the backend 'reference' needs none")
    with pytest.raises(MachineFault, match="no C compiler was found"):
        compiler.load_library("", "float", "-O0")


@pytest.mark.parametrize("command", ["/nowhere/gcc", "nonsense-cc -O2", "'unclosed"])
def test_a_cc_that_is_no_command_is_named(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = fault(monkeypatch, command)
    assert reason.startswith("$CC is '")
    assert "which is not a command here" in reason


@pytest.mark.parametrize("command", ["", "   "])
def test_an_empty_cc_is_none(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", command)
    assert NATIVE.refuses(LSTM) is None


def test_cc_may_have_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "cc -pipe")
    assert compiler.compiler() == ("cc", "-pipe")
    assert NATIVE.refuses(LSTM) is None


def test_a_compiler_that_fails_is_quoted_with_its_last_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "for n in 1 2 3 4 5 6; do echo line $n >&2; done; printf 'a\\033[31m\\377\\n' >&2; exit 3"
    reason = fault(monkeypatch, script(tmp_path, body))
    assert reason.endswith("failed: line 5 | line 6 | a\\x1b[31m\ufffd")
    silent = fault(monkeypatch, script(tmp_path, "exit 3"))
    assert silent.endswith("failed: exit status 3")


def test_a_missing_header_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "string.h" in fault(monkeypatch, "cc -nostdinc")


def test_a_compiler_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "TIMEOUT", 0.1)
    reason = fault(monkeypatch, script(tmp_path, "exec tail -f /dev/null"))
    assert reason.endswith("was stopped after 0.1 seconds")


def test_a_compiler_gets_nothing_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take what is meant for a worker."""
    assert fault(monkeypatch, script(tmp_path, "cat >&2; exit 4")).endswith("exit status 4")


def test_a_compiler_that_makes_nothing_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fault(monkeypatch, script(tmp_path, "exit 0")).endswith("made nothing")


def test_a_compiler_that_makes_no_library_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = 'while [ "$1" != -o ]; do shift; done; echo nonsense > "$2"'
    assert "made something else than it was told to" in fault(monkeypatch, script(tmp_path, body))


def test_a_file_that_is_no_program_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "compiler").write_bytes(b"\x00\x01\x02\x03")
    (tmp_path / "compiler").chmod(0o755)
    assert "does not run: " in fault(monkeypatch, str(tmp_path / "compiler"))


def test_a_compiler_that_makes_something_else_is_noticed_and_nothing_of_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.c").write_text("int other;\n")
    body = f"""text={tmp_path / "other.c"}
while [ "$1" != -o ]; do shift; done; [ -e {tmp_path / "mended"} ] && text="$3 -I{compiler.SOURCES}"
exec cc -shared -fPIC -DREAL=float -DDOUBLE=0 -DBYTES=16 -o "$2" $text -lm -pthread"""
    command = script(tmp_path, body)
    assert fault(monkeypatch, command).endswith("made something else than it was told to")
    (tmp_path / "mended").touch()
    assert choose(["native"], LSTM) == ("native", "")


def failure(monkeypatch: pytest.MonkeyPatch, command: str) -> Refused:
    """How this $CC fails."""
    monkeypatch.setenv("CC", command)
    forget()
    with pytest.raises(Refused) as caught:
        compiler.load_library("", "float", "-O0")
    return caught.value


STARVED = [
    "cc: fatal error: Killed signal terminated program cc1",
    "cc: internal compiler error: Killed (program cc1)",
    "clang: error: unable to execute command: Killed",
    "cc1: out of memory allocating 65536 bytes after a total of 1 bytes",
    "virtual memory exhausted: Cannot allocate memory",
    "fatal error: error writing to /tmp/cc7.s: No space left on device",
]


@pytest.mark.parametrize("said", STARVED)
def test_a_compiler_that_lacks_room_or_memory_is_the_machines_fault(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = failure(monkeypatch, script(tmp_path, f"echo '{said}' >&2; echo 'compilation terminated.' >&2; exit 1"))
    assert isinstance(error, MachineFault)
    assert said in str(error)


def test_a_compiler_that_is_killed_or_late_or_does_not_start_is_the_machines_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = failure(monkeypatch, script(tmp_path, "kill -9 $$"))
    assert isinstance(killed, MachineFault)
    assert str(killed).endswith("failed: exit status -9")
    monkeypatch.setattr(compiler, "TIMEOUT", 0.1)
    assert isinstance(failure(monkeypatch, script(tmp_path, "exec tail -f /dev/null")), MachineFault)
    (tmp_path / "compiler").write_bytes(b"\x00\x01\x02\x03")
    assert isinstance(failure(monkeypatch, str(tmp_path / "compiler")), MachineFault)


def test_a_fault_of_the_machine_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", script(tmp_path, "kill -9 $$"))
    forget()
    with pytest.raises(MachineFault, match=r"'native' cannot run on this machine: .*exit status -9"):
        choose(["native"], LSTM)
    script(tmp_path, 'exec cc "$@"')
    assert choose(["native"], LSTM) == ("native", "")


@pytest.mark.parametrize("way", ["echo too large >&2; exit 1", "exit 0"])
def test_a_compiler_that_refuses_one_text_is_told_from_one_that_refuses_all(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "CC",
        script(
            tmp_path,
            f"""
for word; do case $word in *.c) if grep -q refused $word; then {way}; fi;; esac; done; exec cc "$@\"""",
        ),
    )
    forget()
    with pytest.raises(Refused) as caught:
        compiler.load_library("int refused;", "float", "-O0")
    assert type(caught.value) is Refused
    compiler.load_library("int taken;", "float", "-O0")
    assert type(failure(monkeypatch, script(tmp_path, way))) is MachineFault


def test_a_compiler_speaks_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else its reasons could not be told apart."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert str(failure(monkeypatch, script(tmp_path, 'echo "$LC_ALL" >&2; exit 1'))).endswith("failed: C")


def test_a_cell_that_cannot_be_compiled_is_refused_at_its_first_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shared kernel compiles, the cell's own does not."""
    body = 'case "$*" in *-O3* | *probe*) exec cc "$@";; esac; echo too large >&2; exit 1'
    monkeypatch.setenv("CC", script(tmp_path, body))
    forget()
    layer = build(LSTM, 3, 5, "native")
    with pytest.raises(Refused, match="failed: too large"):
        layer(torch.zeros(2, 1, 3))
