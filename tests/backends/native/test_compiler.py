"""Which compiler is taken, and what is said where there is none or it does not work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from archsearch import build
from archsearch.backends import choose, native
from archsearch.backends.native import compiler
from archsearch.errors import MachineFault, Refused
from archsearch.ir import lower
from archsearch.space import load_cell
from tests.backends.native.together import fresh_kernels

LSTM = lower(load_cell("lstm"))
NATIVE = native.BACKEND


def forget() -> None:
    compiler.compiler.cache_clear()
    native._broken.cache_clear()


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


def refusal(monkeypatch: pytest.MonkeyPatch, command: str) -> str:
    """Why native refuses with this $CC; the reference must run instead, with the same reason."""
    monkeypatch.setenv("CC", command)
    forget()
    try:
        reason, kind = NATIVE.refuses(LSTM), Refused
    except MachineFault as fault:
        reason, kind = str(fault), MachineFault
    assert reason is not None
    assert "\n" not in reason
    assert choose(["native", "reference"], LSTM) == ("reference", f"native: {reason}")
    with pytest.raises(Refused) as caught:
        build(LSTM, 3, 5, "native")
    assert str(caught.value) == f"no backend runs this cell: native: {reason}"
    assert type(caught.value) is kind
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
    reason = NATIVE.refuses(LSTM)
    assert reason is not None
    assert reason.startswith("no C compiler was found (cc, gcc, clang, ziglang): install gcc")
    assert choose(["native", "reference"], LSTM) == ("reference", f"native: {reason}")
    with pytest.raises(Refused, match="no C compiler was found"):
        compiler.load_library("", "float", "-O0")


@pytest.mark.parametrize("command", ["/nowhere/gcc", "nonsense-cc -O2", "'unclosed"])
def test_a_cc_that_is_no_command_is_named(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = refusal(monkeypatch, command)
    assert reason.startswith("$CC is '")
    assert "which is no command here" in reason


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
    reason = refusal(monkeypatch, script(tmp_path, body))
    assert reason.endswith("failed: line 5 | line 6 | a\\x1b[31m\ufffd")
    silent = refusal(monkeypatch, script(tmp_path, "exit 3"))
    assert silent.endswith("failed: exit status 3")


def test_a_missing_header_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "math.h" in refusal(monkeypatch, "cc -nostdinc")


def test_a_compiler_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "TIMEOUT", 0.1)
    reason = refusal(monkeypatch, script(tmp_path, "exec tail -f /dev/null"))
    assert reason.endswith("was stopped after 0.1 seconds")


def test_a_compiler_gets_nothing_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take what is meant for a worker."""
    assert refusal(monkeypatch, script(tmp_path, "cat >&2; exit 4")).endswith("exit status 4")


def test_a_compiler_that_makes_nothing_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(monkeypatch, script(tmp_path, "exit 0")).endswith("made nothing")


def test_a_compiler_that_makes_no_library_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = 'while [ "$1" != -o ]; do shift; done; echo nonsense > "$2"'
    assert "no kernel could be built" in refusal(monkeypatch, script(tmp_path, body))


def test_a_file_that_is_no_program_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "compiler").write_bytes(b"\x00\x01\x02\x03")
    (tmp_path / "compiler").chmod(0o755)
    assert "does not run: " in refusal(monkeypatch, str(tmp_path / "compiler"))


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
    with pytest.raises(MachineFault, match=r"no backend runs this cell: native: .*exit status -9"):
        choose(["native"], LSTM)
    script(tmp_path, 'exec cc "$@"')
    assert choose(["native"], LSTM) == ("native", "")


def test_a_compiler_that_does_not_like_the_text_is_nobodys_fault_but_the_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for body in ("echo too large >&2; exit 1", "exit 0"):
        assert type(failure(monkeypatch, script(tmp_path, body))) is Refused


def test_a_compiler_speaks_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else its reasons could not be told apart."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert str(failure(monkeypatch, script(tmp_path, 'echo "$LC_ALL" >&2; exit 1'))).endswith("failed: C")


def test_a_broken_compiler_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tmp_path / "asked"
    refusal(monkeypatch, script(tmp_path, f"echo x >> {asked}; exit 1"))
    assert asked.read_text() == "x\n"


def test_a_cell_that_cannot_be_compiled_is_refused_at_its_first_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shared kernel compiles, the cell's own does not."""
    monkeypatch.setenv("CC", script(tmp_path, 'case "$*" in *-O3*) exec cc "$@";; esac; echo too large >&2; exit 1'))
    forget()
    layer = build(LSTM, 3, 5, "native")
    with pytest.raises(Refused, match="failed: too large"):
        layer(torch.zeros(2, 1, 3))
