"""The user's own data, from an .npz file and without any code.

The file (written with numpy.savez or savez_compressed) holds these arrays and no others:

    inputs    numbers [count, time, features]
    targets   integers [count]                 one class per sequence, read at its last step
              integers [count, time]           a class per step
              floats   [count, outputs]        numbers per sequence, read at its last step; outputs is not time
              floats   [count, time, outputs]  numbers per step
    lengths   integers [count], optional       steps of each sequence; what follows is ignored
    mask      bool [count, time], optional     which steps are read; only with a target per step

Either each name stands three times, as `train_inputs`, `validation_inputs`, `test_inputs` and so on: three splits of
the user's own making. Or once: then the rows are split at random, by `split_seed` alone, into a test split
(`test_share`), a validation split (`validation_share`) and the rest for training. Splits share no row.

    inputs [3, 4, 2]    lengths    targets        4 steps of 2 features; the second sequence has 2 steps and
    .3 .1  .4 .1 ...       4          1           is read at the second of them
    .5 .9  .2 .6           2          0
    .5 .3  .5 .8 ...       4          1

Validation and test go through their whole split, each row once. Training goes through its rows in a new random order
again and again; a batch may hold the end of one pass and the start of the next. Classes are counted over all splits.
In a study, a relative path starts at the study's file, elsewhere at the working directory.

Numbers are trained in 32 bits. Those that 32 bits do not tell apart (times in seconds since 1970) and targets far from
0 are refused unless they are standardised: `standardise: [inputs, targets]` subtracts the mean of each feature and each
output and divides by its standard deviation, both taken from the training split.

Score: for classes, the share of correct answers at the steps that are read; for numbers, max(0, 1 - mse / trivial)
over all outputs together, trivial being the variance of the training targets: the share of the variance that is
explained, which is the same in any unit. Where targets are standardised each output counts alike, else the one with the
largest variance most. Baseline: the share of the most frequent class in the training split; 0 for numbers. Solved: the
score reaches `solved_at`.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, model_validator

from archsearch.draws import Draws, draw_key, permutations
from archsearch.errors import InvalidInput, Problem
from archsearch.tasks import SPLITS, Batch, Loss, Readout, Split, Task
from archsearch.tasks._npz import check_regular, read_arrays
from archsearch.tasks._rows import Rows, check_rows, check_values
from archsearch.tasks._scaling import check_targets_near_0, check_told_apart, invalid_array, scaling_of
from archsearch.tasks._scores import explained, masked_accuracy

MOST_BYTES = 2**30
"""Largest size of all arrays together."""

_ARRAYS = ("inputs", "targets", "lengths", "mask")
_PREFIXES: dict[Split, str] = {"training": "train_", "validation": "validation_", "test": "test_"}
_KNOWN = (*_ARRAYS, *(prefix + name for prefix in _PREFIXES.values() for name in _ARRAYS))

Share = Annotated[float, Field(gt=0, lt=1)]
Part = Literal["inputs", "targets"]


class Sequences(Task):
    """Where the data is and how it is split; see the module. The file is checked when the task is made."""

    files: ClassVar[tuple[str, ...]] = ("path",)

    path: Annotated[str, Field(min_length=1, max_length=4096)]
    """The .npz file."""
    validation_share: Share = 0.15
    """Share of the rows, where the file is not split."""
    test_share: Share = 0.15
    """Share of the rows, where the file is not split."""
    split_seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Decides which row goes where, where the file is not split."""
    solved_at: Annotated[float, Field(gt=0, le=1)] = 0.99
    """The score that counts as solved."""
    standardise: Annotated[list[Part], Field(max_length=2), AfterValidator(lambda parts: sorted({*parts}))] = []
    """What is brought to mean 0 and standard deviation 1 by the training split: inputs, targets, or both."""

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        if self.validation_share + self.test_share >= 1:
            raise ValueError("validation_share and test_share leave no rows for training")
        idle = {"validation_share", "test_share", "split_seed"} & self.model_fields_set
        if self._data.split_by_user and idle:
            raise InvalidInput(Problem((min(idle),), "has no effect: the file comes in three splits", "leave it out"))
        if "standardise" not in self.model_fields_set:
            self._check_targets()
        if self.solved_at <= self.baseline:
            allowed = f"allowed: above {self.baseline:.4g}, the score of a blind guess"
            raise InvalidInput(Problem(("solved_at",), f"{self.solved_at} is reached without learning", allowed))
        return self

    def _check_targets(self) -> None:
        rows = self._data.splits["training"]
        if not rows.classify:
            prefix = _PREFIXES["training"] if self._data.split_by_user else ""
            check_targets_near_0(f"{prefix}targets", rows.targets, rows.read)

    def rows(self, split: Split) -> int:
        """Rows of the split."""
        return len(self._data.splits[split].inputs)

    @property
    def data_digest(self) -> str:
        """Of the file, so that scores on other data are never taken for scores on these."""
        with Path(self.path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @property
    def loss(self) -> Loss:
        """Cross-entropy for integer targets, squared error for floats."""
        return "cross_entropy" if self._data.splits["training"].classify else "squared_error"

    @property
    def readout(self) -> Readout:
        """Every for a target per step, last for one per sequence."""
        return "every" if self._data.splits["training"].per_step else "last"

    @property
    def input_size(self) -> int:
        """Features."""
        return int(self._data.splits["training"].inputs.shape[2])

    @property
    def output_size(self) -> int:
        """Classes or outputs."""
        return self._data.output_size

    @property
    def longest(self) -> int:
        """The largest number of steps up to one that is read."""
        return max(int(rows.lengths.max()) for rows in self._data.splits.values())

    @property
    def baseline(self) -> float:
        """Share of the most frequent class in the training split; 0 for numbers."""
        return self._data.baseline

    def draw(self, draws: Draws, split: Split) -> Batch:
        """All rows of the split in a random order, then all in another one, and so on."""
        rows = self._data.splits[split]
        return rows.take(draws.passes(len(rows.inputs))).batch()

    def score(self, outputs: NDArray[np.float32], batch: Batch) -> float:
        """Accuracy, or 1 - mse / trivial."""
        if self.loss == "cross_entropy":
            return masked_accuracy(outputs, batch)
        return explained(outputs, batch, self._data.trivial)

    def solved(self, outputs: NDArray[np.float32], batch: Batch) -> bool:
        """The score reaches `solved_at`."""
        return self.score(outputs, batch) >= self.solved_at

    @property
    def _data(self) -> _Data:
        # Kept outside the task, which thus stays small to send to another process.
        path = Path(self.path)
        state = check_regular(path)
        return _load(path, state, self.validation_share, self.test_share, self.split_seed, tuple(self.standardise))


@dataclasses.dataclass(frozen=True)
class _Data:
    """The three splits and what follows from them; `trivial` is 0 for classes, `baseline` 0 for numbers."""

    splits: Mapping[Split, Rows]
    split_by_user: bool
    output_size: int
    baseline: float
    trivial: float


@functools.lru_cache(maxsize=2)
def _load(
    path: Path,
    state: tuple[int, ...],
    validation_share: float,
    test_share: float,
    seed: int,
    standardise: tuple[Part, ...],
) -> _Data:
    arrays = read_arrays(path, _KNOWN, MOST_BYTES)
    split_by_user = any(name.startswith(tuple(_PREFIXES.values())) for name in arrays)
    if split_by_user:
        _refuse_both_forms(arrays)
        raw = {split: check_rows(arrays, prefix) for split, prefix in _PREFIXES.items()}
    else:
        raw = _split(check_rows(arrays, ""), validation_share, test_share, seed)
    prefixes = _PREFIXES if split_by_user else dict.fromkeys(SPLITS, "")
    _check_alike(raw)
    splits = _narrowed(raw, prefixes, standardise)
    output_size, baseline, trivial = _summary(splits)
    return _Data(splits, split_by_user, output_size, baseline, trivial)


def _narrowed(
    raw: Mapping[Split, Rows], prefixes: Mapping[Split, str], standardise: Collection[Part]
) -> dict[Split, Rows]:
    """All splits in 32 bits, standardised by the training split where that is asked for."""
    training = raw["training"]
    if training.classify and "targets" in standardise:
        raise InvalidInput(Problem(("standardise",), "the targets are classes", "allowed: inputs"))
    inputs = scaling_of(training.inputs, training.inside) if "inputs" in standardise else None
    targets = scaling_of(training.targets, training.read) if "targets" in standardise else None
    narrowed: dict[Split, Rows] = {}
    for split, rows in raw.items():
        narrowed[split] = rows.narrowed(inputs, targets)
        check_values(narrowed[split], prefixes[split])
        if inputs is None:
            check_told_apart(f"{prefixes[split]}inputs", "inputs", rows.inputs, rows.inside)
        if targets is None and not rows.classify:
            check_told_apart(f"{prefixes[split]}targets", "targets", rows.targets, rows.read)
    return narrowed


def _refuse_both_forms(names: Iterable[str]) -> None:
    for name in names:
        if name in _ARRAYS:
            raise invalid_array(name, "stands beside arrays that are already split", "either form, not both")


def _split(rows: Rows, validation_share: float, test_share: float, seed: int) -> dict[Split, Rows]:
    count = len(rows.inputs)
    if count < len(SPLITS):
        raise invalid_array("inputs", f"has {count} rows", f"at least {len(SPLITS)}, one per split")
    test = min(max(1, round(test_share * count)), count - 2)
    validation = min(max(1, round(validation_share * count)), count - test - 1)
    order = permutations(draw_key(seed, "split"), count, range(1))[0]
    parts = np.split(order, [test, test + validation])
    return {"test": rows.take(parts[0]), "validation": rows.take(parts[1]), "training": rows.take(parts[2])}


def _check_alike(splits: Mapping[Split, Rows]) -> None:
    training = splits["training"]
    for split, rows in splits.items():
        if rows.inputs.shape[2] != training.inputs.shape[2]:
            raise invalid_array(_PREFIXES[split] + "inputs", "differs in features from the training split", "equal")
        outputs = () if rows.classify else rows.targets.shape[-1]
        trained = () if training.classify else training.targets.shape[-1]
        if (rows.per_step, outputs) != (training.per_step, trained):
            raise invalid_array(_PREFIXES[split] + "targets", "differs in kind from the training split", "equal")


def _summary(splits: Mapping[Split, Rows]) -> tuple[int, float, float]:
    """Output size, baseline and trivial error."""
    targets = splits["training"].read_targets
    constant = invalid_array("targets", "is constant in the training split", "something to learn")
    if not splits["training"].classify:
        trivial = float(targets.var(axis=0, dtype=np.float64).mean())
        if not trivial > 0:
            raise constant
        return targets.shape[1], 0.0, trivial
    most = int(np.bincount(targets).max())
    if most == len(targets):
        raise constant
    classes = 1 + max(int(rows.read_targets.max()) for rows in splits.values())
    return classes, most / len(targets), 0.0


TASK = Sequences
