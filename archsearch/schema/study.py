"""What a study file may say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    model_serializer,
)

from archsearch import registry
from archsearch.errors import one_of, quoted
from archsearch.schema.cell import Cell
from archsearch.schema.file import File
from archsearch.schema.holes import Hole, HolePath
from archsearch.schema.space import InlineSpace, Space, reference_or_body
from archsearch.schema.strict import ExactlyOne, Strict, StudyName


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _inline(value: Any) -> Any:
    """A `Space` as the study's YAML would have it, so that both make equal studies."""
    if not isinstance(value, Space):
        return value
    return InlineSpace(**{name: getattr(value, name) for name in value.model_fields_set})


Backends = Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1, max_length=8)]


class TaskChoice(Strict):
    """A task by name, with its options (`archsearch tasks` lists both)."""

    model_config = ConfigDict(extra="allow")

    name: str

    @property
    def options(self) -> dict[str, Any]:
        """What stands beside the name."""
        return dict(self.model_extra or {})


LARGEST_HIDDEN_SIZE = 8192

HiddenSize = Annotated[int, Field(ge=1, le=LARGEST_HIDDEN_SIZE)]
ParameterCount = Annotated[int, Field(ge=1, le=10_000_000_000)]
LayerCount = Annotated[int, Field(ge=1, le=32)]
SequenceCount = Annotated[int, Field(ge=1, le=1_000_000_000)]
if TYPE_CHECKING:
    Connection = str
else:
    Connection = Literal[registry.names("archsearch.models.connections")]
Readout = Literal["last", "every"]


class Model(Strict):
    """Cells over layers and time, and the head that reads them."""

    hidden_size: HiddenSize
    layers: LayerCount = 1
    connection: Connection = "plain"
    """residual: each layer after the first adds its output to its input."""
    readout: Readout | None = None
    """At which steps the head is read; by default as the task needs it."""


class StudyModel(ExactlyOne):
    """The model of a study: of one hidden size, or with matched numbers of parameters."""

    noun: ClassVar[str] = "model"
    alternatives: ClassVar[tuple[str, str]] = ("hidden_size", "parameters")

    hidden_size: HiddenSize | None = None
    parameters: ParameterCount | None = None
    """In place of hidden_size: each cell gets the largest one with which its whole model, the head included, has at
    most this number of trainable numbers."""
    layers: LayerCount = 1
    connection: Connection = "plain"
    """residual: each layer after the first adds its output to its input."""
    readout: Readout | None = None
    """At which steps the head is read; by default as the task needs it."""

    @model_serializer(mode="wrap")
    def _without_the_other_size(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """As in the file: the size that is not given is left out."""
        absent = "parameters" if self.parameters is None else "hidden_size"
        return {name: value for name, value in handler(self).items() if name != absent}

    def of_size(self, hidden_size: int) -> Model:
        """The model with this hidden size."""
        return Model(hidden_size=hidden_size, layers=self.layers, connection=self.connection, readout=self.readout)


PositiveNumber = Annotated[float, Field(gt=0)]
if TYPE_CHECKING:
    Clip = PositiveNumber | None
else:
    Clip = PositiveNumber | Annotated[Literal["none"], AfterValidator(lambda _: None)] | None


DEVICE = re.compile(r"cpu|mps|cuda(:[0-9]{1,2})?")


def _device(value: str) -> str:
    if not DEVICE.fullmatch(value):
        raise ValueError(f"no device is called {quoted(value)}; {one_of(('cpu', 'mps', 'cuda', 'cuda:0'), value)}")
    return value


class Training(Strict):
    """One training run; sequences are counted, not epochs."""

    optimizer: Literal["adam", "rmsprop", "sgd"] = "adam"
    learning_rate: Annotated[float, Field(gt=0, le=100)]
    clip: Clip = 1.0
    """Largest norm of the gradient of all parameters; none: no clipping."""
    batch_size: Annotated[int, Field(ge=1, le=65_536)] = 32
    sequences: SequenceCount
    """The budget: training sequences seen."""
    checks: Annotated[int, Field(ge=1, le=1000)] = 20
    """How often, evenly over the budget, the validation score is taken."""
    validation: SequenceCount = 512
    """Validation sequences, the same ones at every check. Leave it out for a task whose splits hold a fixed number of
    rows, as the task sequences: each row is taken once."""
    test: SequenceCount = 2000
    """Test sequences, read in the report phase only. Leave it out where each row is taken once, as for validation."""
    device: Annotated[str, AfterValidator(_device)] = "cpu"
    """Where it runs: cpu, mps, cuda or cuda:0 to cuda:99."""


class Search(Strict):
    """The first phase: many candidates, few seeds."""

    sampler: str = "tpe"
    pruner: str = "none"
    trials: Annotated[int, Field(ge=1, le=1_000_000)]
    seeds: Annotated[int, Field(ge=1, le=1000)] = 1


class Confirm(Strict):
    """The second phase: the best distinct architectures again, on fresh seeds."""

    best: Annotated[int, Field(ge=1, le=1000)] = 4
    seeds: Annotated[int, Field(ge=1, le=1000)] = 4


class Report(Strict):
    """The third phase: the winner and the baselines on further fresh seeds; the test split is read here."""

    best: Annotated[int, Field(ge=1, le=100)] = 1
    seeds: Annotated[int, Field(ge=2, le=1000)] = 8


class Limits(Strict):
    """What one evaluation may use."""

    seconds: Annotated[float, Field(gt=0, le=10_000_000)] = 3600.0
    """After which an evaluation counts as hanging. It is tried three times before it fails, and a study in which that
    happens is not reproducible: to leave out slow candidates, limit their operations."""
    memory_mb: Annotated[int, Field(ge=100, le=10_000_000)] = 4000
    parameters: ParameterCount = 10_000_000
    operations: Annotated[int, Field(ge=1, le=10**15)] = 10**12
    """Multiply-adds and pointwise operations of all layers, per step and sequence."""


class Study(File):
    """A study file: a space, a task, a training, and how to search."""

    study: StudyName
    space: Annotated[
        Annotated[str, Tag("name")] | Annotated[InlineSpace, Tag("body")],
        Discriminator(reference_or_body),
        BeforeValidator(_inline),
    ]
    """A shipped space's name, a path relative to this file, or the space itself."""
    task: TaskChoice
    model: StudyModel
    training: Training
    holes: dict[HolePath, Hole] = {}
    """Holes in model and training, by path (`training.learning_rate`)."""
    baselines: list[str] = []
    search: Search
    confirm: Confirm = Confirm()
    report: Report = Report()
    limits: Limits = Limits()
    backend: Backends = ["native", "reference"]
    """Backends by name; a later one runs where the earlier ones refuse."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1


class Spec(Strict):
    """Everything that is trained: a cell, the model around it and its training."""

    cell: Cell
    model: Model
    training: Training
