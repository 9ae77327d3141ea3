"""From C text to a loaded library: the compiler, the machine's vectors, the cache."""

from __future__ import annotations

import ctypes
import dataclasses
import functools
import hashlib
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from archsearch.errors import MachineFault, Refused, printable, quoted

SOURCES = Path(__file__).parent
FLAGS = ("-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast", "-fPIC", "-shared", "-pipe")
TIMEOUT = 120


@dataclasses.dataclass(frozen=True)
class Form:
    """A way to compile for a kind of processor: vector width in bytes and the compiler's flags."""

    name: str
    width: int
    flags: tuple[str, ...]


AVX512 = Form("avx512", 64, ("-march=native",))
AVX2 = Form("avx2", 32, ("-mavx2", "-mfma"))
PLAIN = Form("plain", 16, ())
NEON = Form("neon", 16, ("-mcpu=native",))


@functools.cache
def machine_form() -> Form:
    """The widest form that this machine runs."""
    if platform.machine() in ("arm64", "aarch64"):
        return NEON
    flags = _processor().split()
    if "avx512f" in flags and "avx512dq" in flags:
        return AVX512
    return Form("avx2", 32, ("-march=native",)) if "avx2" in flags and "fma" in flags else PLAIN


@functools.cache
def _processor() -> str:
    """The processor's model and features, as one line."""
    info = Path("/proc/cpuinfo")
    if not info.is_file():
        return f"{platform.machine()} {platform.processor()}"
    lines = info.read_text(encoding="utf-8", errors="replace").splitlines()
    names = ("model name", "flags", "Features", "CPU part")
    properties = dict(line.split(":", 1) for line in lines if line.startswith(names))
    return " ".join(part.strip() for part in properties.values())


@functools.cache
def compiler() -> tuple[str, ...] | None:
    """The command of the C compiler: $CC, then cc, gcc, clang, then ziglang's; None when there is none."""
    chosen = os.environ.get("CC", "").strip()
    if chosen:
        command = _words(chosen)
        return command if command and shutil.which(command[0]) else None
    for name in ("cc", "gcc", "clang"):
        if shutil.which(name):
            return (name,)
    return (sys.executable, "-m", "ziglang", "cc") if find_spec("ziglang") else None


def _words(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError:  # a quotation mark without its partner
        return ()


def _no_compiler() -> str:
    """Why `compiler()` is None, and what helps."""
    chosen = os.environ.get("CC", "").strip()
    if chosen:
        return f"$CC is {quoted(chosen)}, which is not a command here: name a C compiler or unset it; {_OTHERWISE}"
    advice = "install gcc (Debian: apt-get install gcc libc6-dev) or `pip install ziglang`"
    return f"no C compiler was found (cc, gcc, clang, ziglang): {advice}; {_OTHERWISE}"


_OTHERWISE = "the backend 'reference' needs none"


def cache_folder() -> Path:
    """Where compiled kernels are kept: private to the user. Raises `MachineFault` where there is no such place."""
    try:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(base) / "archsearch" / "kernels"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        state = folder.stat()
        if state.st_uid != os.getuid():
            raise MachineFault(f"the kernel cache '{printable(folder, 200)}' belongs to another user: {_ELSEWHERE}")
        if state.st_mode & 0o077:
            folder.chmod(0o700)
    except (OSError, RuntimeError) as error:  # RuntimeError: the user has no home folder
        raise MachineFault(f"no folder for compiled kernels: {printable(error, 200)}: {_ELSEWHERE}") from error
    return folder


_ELSEWHERE = "set $XDG_CACHE_HOME to a folder of your own"


def load_library(text: str, real: str, options: str, form: Form | None = None) -> ctypes.CDLL:
    """The library compiled from `text` for numbers of type `real`, from the cache where it is there.

    options: further words for the compiler, such as "-O3 -lm".

    Raises `Refused` when the compiler does not take this text, and `MachineFault` when it would take no text: there is
    none, it is broken, or there is no room to keep what it makes, no memory, or not enough time.
    """
    form = form or machine_form()
    command = compiler()
    if command is None:
        raise MachineFault(_no_compiler())
    text += f"\nconst int {_MARK} = 1;\n"
    flags = (
        *form.flags,
        *FLAGS,
        f"-DREAL={real}",
        f"-DDOUBLE={int(real == 'double')}",
        f"-DBYTES={form.width}",
        *options.split(),
    )
    folder = cache_folder()
    try:
        path = folder / f"{_key(text, command, flags)}.so"
        if not _is_whole(path):
            _compile(text, command, flags, path)
        return _load(path)
    except OSError as error:
        where = printable(folder, 200)
        raise MachineFault(f"no kernel could be built in '{where}' and loaded: {printable(error, 200)}") from error


_MARK = "archsearch_compiled_this"
"""A symbol of every library: whatever else a broken compiler leaves does not have it."""


def _load(path: Path) -> ctypes.CDLL:
    """Load a library; one that cannot be loaded is removed, so that a mended compiler makes it anew."""
    try:
        return ctypes.CDLL(str(path))
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _key(text: str, command: tuple[str, ...], flags: tuple[str, ...]) -> str:
    """A name for what the compiler makes of the text; comments, where a cell's name stands, do not count."""
    program = Path(shutil.which(command[0]) or command[0]).resolve()
    state = program.stat()
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    head = (SOURCES / "vector.h").read_text(encoding="utf-8")
    parts = (code, head, command, flags, str(program), state.st_mtime_ns, state.st_size, _processor())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _is_whole(path: Path) -> bool:
    """Whether a library is there as it was made: using a damaged one would end the process."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return False
    return content[-_SUM:] == hashlib.sha256(content[:-_SUM]).digest()


_SUM = hashlib.sha256().digest_size
"""Bytes at the end of a library, after those that the loader looks at: the checksum of the others."""


def _compile(text: str, command: tuple[str, ...], flags: tuple[str, ...], path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="build-") as folder:
        made = Path(folder) / "kernel.so"
        try:
            _make(text, command, flags, made)
        except MachineFault:
            raise
        except Refused as error:
            _try_out(command, flags, Path(folder) / "probe.so", error)
            raise
        content = made.read_bytes()
        if _MARK.encode() not in content:
            raise MachineFault(f"the C compiler {quoted(command[0])} made something else than it was told to")
        made.write_bytes(content + hashlib.sha256(content).digest())
        made.replace(path)


def _try_out(command: tuple[str, ...], flags: tuple[str, ...], made: Path, error: Refused) -> None:
    """Raise `MachineFault` where a compiler that has refused a text refuses the simplest one as well."""
    try:
        _make(_PROBE, command, flags, made)
    except MachineFault:
        raise
    except Refused:
        raise MachineFault(str(error)) from error


_HEADERS = ("math", "pthread", "sched", "stdatomic", "stdint", "string")
_PROBE = "".join(f"#include <{name}.h>\n" for name in _HEADERS) + f"const int {_MARK} = 1;\n"


def _make(text: str, command: tuple[str, ...], flags: tuple[str, ...], made: Path) -> None:
    source = made.with_suffix(".c")
    source.write_text(text, encoding="utf-8")
    _run([*command, f"-I{SOURCES}", "-o", str(made), str(source), *flags])  # libraries stand behind what uses them
    if not made.is_file():
        raise Refused(f"the C compiler {quoted(command[0])} made nothing")


def _run(line: list[str]) -> None:
    name = quoted(line[0])
    try:
        done = subprocess.run(
            line,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
            errors="replace",
            env={**os.environ, "LC_ALL": "C"},  # `_STARVED` reads English
        )
    except subprocess.TimeoutExpired as error:
        raise MachineFault(f"the C compiler {name} was stopped after {TIMEOUT} seconds") from error
    except OSError as error:
        raise MachineFault(f"the C compiler {name} does not run: {printable(error, 200)}") from error
    if done.returncode:
        last = " | ".join(done.stderr.strip().splitlines()[-3:]) or f"exit status {done.returncode}"
        kind = MachineFault if done.returncode < 0 or _STARVED.search(done.stderr) else Refused
        raise kind(f"the C compiler {name} failed: {printable(last[-500:], 500)}")


_STARVED = re.compile(
    r"No space left on device|Disk quota exceeded|Cannot allocate memory|[Oo]ut of memory|memory exhausted|bad_alloc"
    r"|Killed signal terminated|internal compiler error: Killed|unable to execute command: Killed"
)
"""What a compiler says where the machine has failed it; it ends with a status of its own when its parts are killed."""
