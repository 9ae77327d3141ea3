"""Validating over HTTP: what the command line finds, no file opened, and no text that takes the server's time."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from archsearch import registry
from archsearch.api import checker_child
from archsearch.errors import Refused
from archsearch.study.checking import check_text
from tests.api.serving import PLENTY, Served, serving
from tests.cli.conftest import Call
from tests.study.texts import PLAIN

SHIPPED = [*(registry.shipped_folder("spaces")).rglob("*.yaml"), *registry.shipped_folder("studies").glob("*.yaml")]

BAD_CELL = "cell: x\nstates: {h: 0}\noutput: h\nequations:\n  h: tanh(qq)\n  g: {linear: [x], activatoin: tanh}\n"
STUDY = PLAIN.replace("small", "mine")


def test_the_command_line_finds_the_same(served: Served, call: Call, tmp_path: Path) -> None:
    texts = [BAD_CELL, STUDY, STUDY.replace("parity", "paritty"), "space: x\nwiring: lstm\nholes: {candidat: [tanh]}\n"]
    for text in texts:
        file = tmp_path / "text.yaml"
        file.write_text(text, encoding="utf-8")
        (printed,) = call("validate", file, "--json").json
        found = dataclasses.asdict(served.client().validate(text))
        assert all(each["file"] == "" for each in found["problems"])
        found["problems"] = [each | {"path": list(each["path"]), "file": str(file)} for each in found["problems"]]
        assert {key: found[key] for key in printed if key != "file"} == {
            key: value for key, value in printed.items() if key != "file"
        }
        assert found["valid"] == (not found["problems"]) == (text == STUDY)
        assert (found["size"], found["samples"]) == (None, ())


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_what_is_shipped_is_valid_here_too(file: Path) -> None:
    with registry.closed_files():
        found = checker_child.check(None, file.read_text("utf-8"), 0, styled=True)
    assert found.valid, found.problems


HOLES = "holes: {cell_input: [tanh, relu]}"
INLINE = f"{{wiring: PATH, {HOLES}}}"
QUOTED = f'"space: x\\nwiring: PATH\\n{HOLES}\\n"'
REFERENCES = {
    "space": (STUDY.replace("lstm_to_gru", "PATH"), ("space",)),
    "baselines": (STUDY.replace("[rnn]", "[PATH]"), ("baselines", 0)),
    "wiring": (f"space: x\nwiring: PATH\n{HOLES}\n", ("wiring",)),
    "cell": (f"space: x\ncell: PATH\n{HOLES}\n", ("cell",)),
    "contains": (f"space: x\nwiring: lstm\n{HOLES}\ncontains: [PATH]\n", ("contains", 0)),
    "inline": (STUDY.replace("lstm_to_gru", INLINE), ("space", "wiring")),
    "text": (STUDY.replace("lstm_to_gru", QUOTED), ("wiring",)),
}
"""Every place of a text that may name a file."""


@pytest.mark.parametrize("where", REFERENCES)
def test_no_file_is_opened_however_it_is_named(served: Served, tmp_path: Path, where: str) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("secret: of mine\n")
    template, path = REFERENCES[where]
    text = template.replace("PATH", str(secret))
    found = served.client().validate(text)
    assert [(each.what, each.path) for each in found.problems] == [("a text that comes over HTTP names no files", path)]
    missing = served.client().validate(text.replace("secret.yaml", "missing.yaml"))
    assert missing == found  # not even whether it exists
    assert "names no files" not in str(check_text(text).problems)  # it is the closing that stops it


def test_no_data_are_read(served: Served, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "data.npz", inputs=rng.random((20, 4, 2)), targets=np.arange(20) % 2)
    text = STUDY.replace("parity, train_length: 3, test_length: 6", f"sequences, path: {tmp_path / 'data.npz'}")
    (problem,) = served.client().validate(text).problems
    assert (problem.what, problem.path) == ("a text that comes over HTTP names no files", ("task", "path"))
    assert (problem.line, problem.column) == (3, text.splitlines()[2].index("path: ") + 7)
    assert check_text(text).problems == ()


def test_a_text_that_takes_too_long_is_ended_and_the_next_is_served(storage: str) -> None:
    gates = "".join(f"    g{n}: {{linear: [x, h_prev], activation: $a}}\n" for n in range(60))
    sums = "".join(f"    s{n}: s{n - 1} $o{n} g{n}\n" for n in range(1, 60))
    holes = "".join(f"  o{n}: ['+', '-', '*']\n" for n in range(1, 60))
    text = (
        f"space: slow\ncell:\n  states: {{h: 0}}\n  output: h\n  equations:\n{gates}    s0: g0\n{sums}    h: s59\n"
        f"holes:\n  a: [tanh, relu, sigmoid]\n{holes}"
    )
    with serving(storage, limits=dataclasses.replace(PLENTY, check_seconds=1.5, checks=1)) as found:
        client = found.client()
        client.validate("cell: x")  # the process starts, which takes a while
        with pytest.raises(Refused, match="more time or memory"):
            client.validate(text)
        with found.http() as http:
            assert http.get("/api/v1/studies").status_code == 200
    with serving(storage) as found:
        assert not found.client().validate("cell: x").valid


def test_a_text_that_ends_its_process_is_refused_and_the_next_is_served(
    storage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(storage, limits=dataclasses.replace(PLENTY, check_memory=2**20, checks=1)) as found:
        with pytest.raises(Refused, match="more time or memory"):
            found.client().validate(STUDY)
        assert found.client().studies().total
