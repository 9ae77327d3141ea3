"""From C text to a loaded library: the compiler, the machine's vectors, the cache."""

from __future__ import annotations

import ctypes
import dataclasses
import functools
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from archsearch.errors import Refused

SOURCES = Path(__file__).parent
FLAGS = ("-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast", "-fPIC", "-shared")
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
    wanted = ("model name", "flags", "Features", "CPU part")
    found = dict(line.split(":", 1) for line in lines if line.startswith(wanted))
    return " ".join(part.strip() for part in found.values())


@functools.cache
def compiler() -> tuple[str, ...] | None:
    """The command of the C compiler: $CC, then cc, gcc, clang, then ziglang's; None when there is none."""
    chosen = os.environ.get("CC")
    if chosen:
        command = shlex.split(chosen)
        return tuple(command) if shutil.which(command[0]) else None
    for name in ("cc", "gcc", "clang"):
        if shutil.which(name):
            return (name,)
    return (sys.executable, "-m", "ziglang", "cc") if find_spec("ziglang") else None


def cache_folder() -> Path:
    """Where compiled kernels are kept: private to the user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "archsearch" / "kernels"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_uid != os.getuid():
        raise Refused(f"the kernel cache {folder} belongs to another user")
    folder.chmod(0o700)
    return folder


def load_library(text: str, real: str, optimise: str, form: Form | None = None) -> ctypes.CDLL:
    """The library compiled from `text` for numbers of type `real`, from the cache where it is there.

    Raises `Refused` when there is no compiler or it fails.
    """
    form = form or machine_form()
    command = compiler()
    if command is None:
        raise Refused(NO_COMPILER)
    flags = (
        optimise,
        *form.flags,
        *FLAGS,
        f"-DREAL={real}",
        f"-DDOUBLE={int(real == 'double')}",
        f"-DBYTES={form.width}",
    )
    path = cache_folder() / f"{_key(text, command, flags)}.so"
    for _ in range(2):
        if not path.exists():
            _compile(text, command, flags, path)
        try:
            return ctypes.CDLL(str(path))
        except OSError:  # a damaged file
            path.unlink(missing_ok=True)
    raise Refused(f"the compiled kernel {path} cannot be loaded")


NO_COMPILER = (
    "no C compiler was found ($CC, cc, gcc, clang, ziglang): install gcc (Debian: apt-get install gcc) "
    "or `pip install ziglang`, or use the backend 'reference'"
)


def _key(text: str, command: tuple[str, ...], flags: tuple[str, ...]) -> str:
    program = Path(shutil.which(command[0]) or command[0]).resolve()
    state = program.stat()
    parts = (text, (SOURCES / "vector.h").read_text(), command, flags, str(program), state.st_mtime_ns, state.st_size)
    return hashlib.sha256(repr((*parts, _processor())).encode()).hexdigest()[:32]


def _compile(text: str, command: tuple[str, ...], flags: tuple[str, ...], path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="build-") as folder:
        source, made = Path(folder) / "kernel.c", Path(folder) / "kernel.so"
        source.write_text(text)
        line = [*command, *flags, f"-I{SOURCES}", "-o", str(made), str(source), "-lm"]
        try:
            done = subprocess.run(line, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Refused(f"the C compiler {command[0]} did not run: {error}") from error
        if done.returncode:
            raise Refused(f"the C compiler {command[0]} failed: {done.stderr.strip()[-500:]}")
        made.replace(path)
