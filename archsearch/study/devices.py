"""Whether the devices that a study names are there, and run by one of its backends. Only the CPU needs no look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from archsearch import backends, registry
from archsearch.errors import InvalidInput, Problem, quoted
from archsearch.schema.holes import OneOf
from archsearch.schema.study import DEVICE

if TYPE_CHECKING:
    from archsearch.errors import Path
    from archsearch.schema.study import Study

HOLE = "training.device"


def check_devices(study: Study) -> None:
    """Raise `InvalidInput` with every device of the study that no evaluation could run on."""
    problems = [problem for path, device in _devices(study) for problem in device_problems(path, device, study.backend)]
    if problems:
        raise InvalidInput(problems)


def device_problems(path: Path, device: str, names: Sequence[str]) -> Iterator[Problem]:
    """What keeps evaluations from `device`, which stands at `path`; `names` are the backends to choose from."""
    if device == "cpu":
        return
    reasons = [f"{name}: {reason}" for name in names if (reason := _refusal(name, device))]
    if len(reasons) == len(names):
        allowed = f"allowed: cpu, or a backend that runs on {device.partition(':')[0]}, such as reference"
        yield Problem(path, f"no backend given runs on {quoted(device)}: {'; '.join(reasons)}", allowed)
    present = _present(device)
    if device not in present:
        yield Problem(path, f"this machine has no device {quoted(device)}", f"allowed here: {', '.join(present)}")


def _devices(study: Study) -> Iterator[tuple[Path, str]]:
    """The devices of a study's evaluations, each with its place."""
    hole = study.holes.get(HOLE)
    named: list[tuple[Path, object]] = [(("training", "device"), study.training.device)]
    if isinstance(hole, list):
        named = [(("holes", HOLE, index), device) for index, device in enumerate(hole)]
    elif isinstance(hole, OneOf):
        named = [(("holes", HOLE, "one_of", label), device) for label, device in hole.one_of.items()]
    for path, device in named:
        if DEVICE.fullmatch(str(device)):  # another text is a mistake of the hole, reported there
            yield path, str(device)


def _refusal(name: str, device: str) -> str | None:
    backend: backends.Backend = registry.load(backends.PACKAGE, name)
    return backend.refuses_kind(device, backends.TRAINED)


def _present(device: str) -> list[str]:
    """What may be said in place of `device` on this machine."""
    import torch

    kind = device.partition(":")[0]
    count: int = torch.get_device_module(kind).device_count()
    numbered = [f"{kind}:{index}" for index in range(count)] if kind == "cuda" else []
    return ["cpu", *([kind] if count else []), *numbered]
