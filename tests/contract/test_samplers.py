"""The laws of every sampler: made from a seed and a number; better than chance is not asked here."""

from __future__ import annotations

import math
import re
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import optuna
import pytest
from optuna.distributions import BaseDistribution, FloatDistribution

from archsearch import registry
from archsearch.study import recent
from archsearch.study.samplers import PACKAGE, Sampler
from archsearch.study.seeds import proposal_seed

TRIALS = 30
SAMPLERS: dict[str, Sampler] = {name: registry.load(PACKAGE, name) for name in registry.names(PACKAGE)}


@pytest.fixture(params=SAMPLERS)
def make(request: pytest.FixtureRequest) -> Sampler:
    return SAMPLERS[request.param]


def objective(trial: optuna.Trial) -> float:
    """A conditional space with every kind of hole."""
    kind = trial.suggest_categorical("kind", ["a", "b", "c"])
    value = trial.suggest_float("rate", 0.001, 0.1, log=True) + trial.suggest_int("size", 1, 32) / 100
    return value + (trial.suggest_categorical("deep", ["no", "yes"]) == "yes" if kind == "a" else 0.0)


def search(make: Sampler, seed: int, count: int = TRIALS) -> list[dict[str, object]]:
    study = optuna.create_study(direction="maximize")
    for number in range(count):
        study.sampler = make(seed, number)
        trial = study.ask()
        study.tell(trial, objective(trial))
    return [trial.params for trial in study.get_trials()]


@pytest.fixture(autouse=True)
def quiet() -> None:
    optuna.logging.set_verbosity(optuna.logging.WARNING)


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_sampler_is_documented(name: str) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    (paragraph,) = re.findall(r"^Samplers: .*?\n\n", readme.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert f"`{name}`" in paragraph


def test_equal_seeds_propose_equally(make: Sampler) -> None:
    assert search(make, 5) == search(make, 5)


def test_other_seeds_propose_otherwise(make: Sampler) -> None:
    assert search(make, 5) != search(make, 500)


def test_proposals_vary(make: Sampler) -> None:
    assert len({str(params) for params in search(make, 5)}) > TRIALS / 2


def test_every_answer_comes_up(make: Sampler) -> None:
    found = search(make, 7)
    assert {params["kind"] for params in found} == {"a", "b", "c"}


def test_no_warning_and_no_torch_is_needed(make: Sampler) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        search(make, 1, count=12)


def test_the_largest_seed_is_taken(make: Sampler) -> None:
    search(make, 2**63 - 1, count=3)


def check_one_sequence(make: Sampler, seed: int) -> None:
    """Of each aligned block of 16 points one lies in each of 16 equal boxes of any shape (Sobol 1967)."""
    study = optuna.create_study(direction="maximize")
    points: list[tuple[float, int, str]] = []
    for number in range(48):
        study.sampler = make(seed, number)
        trial = study.ask()
        first, second = trial.suggest_float("a", 0.01, 100, log=True), trial.suggest_int("b", 1, 16)
        points.append((first, second, trial.suggest_categorical("c", ["one", "two", "three", "four"])))
        study.tell(trial, 0.5)
    for block in (points[16:32], points[32:48]):
        assert sorted(second for _, second, _ in block) == list(range(1, 17))
        assert sorted(math.floor(4 * (math.log10(first) + 2)) for first, _, _ in block) == list(range(16))
        boxes = {(math.floor(math.log10(first) + 2), (second - 1) // 4) for first, second, _ in block}
        assert len(boxes) == 16, "the first two dimensions together, four parts each"
        assert set(Counter(third for _, _, third in block).values()) == {4}


@pytest.mark.parametrize("seed", [0, 7, 2**63 - 1])
def test_the_points_of_a_study_are_one_sequence(seed: int) -> None:
    check_one_sequence(SAMPLERS["sobol"], seed)


def test_a_sequence_scrambled_anew_for_each_proposal_is_noticed() -> None:
    def anew(seed: int, number: int) -> optuna.samplers.BaseSampler:
        return SAMPLERS["sobol"](proposal_seed(seed, number), number)

    with pytest.raises(AssertionError):
        check_one_sequence(anew, 7)


def test_a_sequence_that_begins_again_for_each_proposal_is_noticed() -> None:
    with pytest.raises(AssertionError):
        check_one_sequence(lambda seed, number: SAMPLERS["sobol"](seed, 0), 7)


def test_chance_is_no_sequence() -> None:
    with pytest.raises(AssertionError):
        check_one_sequence(SAMPLERS["random"], 7)


def test_running_and_failed_trials_are_no_obstacle(make: Sampler) -> None:
    study = optuna.create_study(direction="maximize")
    for number in range(20):
        study.sampler = make(3, number)
        trial = study.ask()
        objective(trial)
        if number % 3 == 0:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
        elif number % 3 == 1:
            study.tell(trial, 0.5)


@pytest.mark.parametrize(("name", "better"), [("tpe", 0.5), ("nsga2", 0.5)])
def test_a_sampler_that_learns_finds_more_of_what_is_good(name: str, better: float) -> None:
    """One hundred trials; of the last thirty more than that share make the best choice of three."""
    make = SAMPLERS[name]
    shares: list[float] = []
    count = 130
    study = optuna.create_study(direction="maximize")
    for number in range(count):
        study.sampler = make(1, number)
        trial = study.ask()
        found = [trial.suggest_categorical(f"hole{index}", ["a", "b", "c"]) for index in range(4)]
        study.tell(trial, found.count("a") / 4)
        shares.append(found.count("a") / 4)
    assert sum(shares[-30:]) / 30 > better
    assert 0.2 < sum(shares[:10]) / 10 < 0.5


def test_a_generation_of_nsga2_outlives_its_sampler() -> None:
    study = optuna.create_study(direction="maximize")
    distributions: dict[str, BaseDistribution] = {"hole": FloatDistribution(0, 1)}
    for number in range(45):
        params = {"hole": number / 45}
        study.add_trial(optuna.create_trial(params=params, distributions=distributions, value=number / 45))
    sampler = SAMPLERS["nsga2"](1, 45)
    assert isinstance(sampler, optuna.samplers.NSGAIISampler)
    asked = study.get_trials()[-1]
    assert sampler.get_trial_generation(study, asked) == 2
    parents = sampler.get_parent_population(study, 2)
    assert {trial.number for trial in parents} == set(range(20, 40)), "the best twenty of both generations"
    assert sampler.get_parent_population(study, 0) == []


def test_nsga2_crosses_complete_trials_alone_and_inherits_the_holes_of_all_parents() -> None:
    study = optuna.create_study(direction="maximize")
    holes: dict[str, BaseDistribution] = {name: FloatDistribution(0, 1) for name in ("a", "b")}
    for number in range(20):
        asked = dict(holes) if number % 2 else {"a": holes["a"]}
        state = optuna.trial.TrialState.COMPLETE if number in (3, 5) else optuna.trial.TrialState.PRUNED
        params = dict.fromkeys(asked, number / 20)
        study.add_trial(optuna.create_trial(params=params, distributions=asked, value=0.5, state=state))
    sampler, trial = SAMPLERS["nsga2"](1, 20), study.ask()
    asked_trial = study.get_trials()[trial.number]
    assert isinstance(sampler, optuna.samplers.NSGAIISampler)
    assert [parent.number for parent in sampler.get_parent_population(study, 1)] == [3, 5]
    assert sampler.infer_relative_search_space(study, asked_trial) == holes, "not every trial was asked b"


def test_repeats_of_the_best_do_not_become_the_whole_population_of_nsga2() -> None:
    study = optuna.create_study(direction="maximize")
    holes: dict[str, BaseDistribution] = {"hole": FloatDistribution(0, 1)}
    for number in range(40):
        value = 0.9 if number >= 20 else number / 40
        study.add_trial(optuna.create_trial(params={"hole": value}, distributions=holes, value=value))
    sampler = SAMPLERS["nsga2"](1, 40)
    assert isinstance(sampler, optuna.samplers.NSGAIISampler)
    parents = [trial.number for trial in sampler.get_parent_population(study, 2)]
    assert parents == [20, *reversed(range(1, 20))]


def proposal_after(make: Sampler, values: Sequence[float]) -> dict[str, object]:
    """What is proposed after complete trials with these values, whose choices follow from them."""
    study = optuna.create_study(direction="maximize")
    distributions: dict[str, BaseDistribution] = {f"hole{index}": FloatDistribution(0, 1) for index in range(4)}
    for value in values:
        params = {name: (value * (index + 3)) % 1 for index, name in enumerate(distributions)}
        study.add_trial(optuna.create_trial(params=params, distributions=distributions, value=value))
    study.sampler = make(5, len(values))
    return study.ask(distributions).params


@pytest.mark.parametrize("name", ["tpe", "nsga2"])
def test_a_sampler_that_learns_reads_the_last_trials_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "LAST", 50)
    values = [(7 * number % 101) / 101 for number in range(80)]
    first, kept = 80 + 1 - 50, values[31:]
    expected = proposal_after(SAMPLERS[name], values)
    assert proposal_after(SAMPLERS[name], [0.999] * first + kept) == expected
    assert proposal_after(SAMPLERS[name], values[:first] + [0.999] * len(kept)) != expected
