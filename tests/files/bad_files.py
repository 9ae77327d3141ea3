"""Files that people get wrong, and hostile ones: name -> (text, line, column, words of the one message)."""

from __future__ import annotations

CELL = """cell: c
states: {h: 0}
output: h
equations:
  z: {linear: [x, h_prev], activation: sigmoid}
  h: z * h_prev
"""
WIRING = "wiring: w\n"
SPACE = """space: s
wiring: lstm
holes:
  squash: [tanh, identity]
"""
STUDY = """study: s
space: lstm_to_gru
task: {name: temporal_order, length: 40}
model: {hidden_size: 8}
training: {learning_rate: 0.01, sequences: 640}
baselines: [gru]
search: {trials: 2}
"""


def _cell(old: str, new: str) -> str:
    assert old in CELL
    return CELL.replace(old, new)


def _study(old: str, new: str) -> str:
    assert old in STUDY
    return STUDY.replace(old, new)


def _tasks(tasks: str) -> str:
    return _study("task: {name: temporal_order, length: 40}", f"tasks: {tasks}")


BAD_FILES: dict[str, tuple[str, int, int, str]] = {
    # cells
    "unknown key": (_cell("output:", "outptu:"), 3, 1, "unknown key 'outptu'; did you mean 'output'?"),
    "unknown activation": (_cell("sigmoid", "sigmod"), 5, 40, "did you mean 'sigmoid'?"),
    "unknown name": (_cell("z * h_prev", "z * hprev"), 6, 6, "nothing is called 'hprev'; did you mean 'h_prev'?"),
    "name used above its definition": (_cell("  z:", "  a: z * 2\n  z:"), 5, 6, "'z' is defined further down"),
    "a state read without _prev": (_cell("z * h_prev", "z * h"), 6, 6, "'h' is defined further down"),
    "no state of that name": (_cell("[x, h_prev]", "[x, z_prev]"), 5, 19, "'z' is not a state"),
    "unknown function": (_cell("z * h_prev", "tan(z)"), 6, 6, "no function is called 'tan'; did you mean 'tanh'?"),
    "too many operands": (_cell("z * h_prev", "tanh(z, z)"), 6, 6, "tanh takes 1 operand, got 2"),
    "matrix product in a formula": (_cell("z * h_prev", "z @ h_prev"), 6, 6, "has no place in a formula"),
    "power": (_cell("z * h_prev", "9**9**9"), 6, 6, "has no place in a formula"),
    "import": (_cell("z * h_prev", "__import__('os').system('id')"), 6, 6, "has no place in a formula"),
    "attribute": (_cell("z * h_prev", "().__class__"), 6, 6, "has no place in a formula"),
    "ten thousand parentheses": (_cell("z * h_prev", "(" * 8000 + ")" * 8000), 6, 6, "a formula of 16000 characters"),
    "division by zero": (_cell("z * h_prev", "z * (1 / 0)"), 6, 6, "the constant part div(1.0, 0.0) is not finite"),
    "infinite number": (_cell("z * h_prev", "z * 1e999"), 6, 6, "not finite"),
    "an empty formula": (_cell("z * h_prev", '""'), 6, 6, "the formula is empty"),
    "a constant in linear": (_cell("[x, h_prev]", "[x, 3]"), 5, 19, "'3' is a constant"),
    "a gate of nothing": (_cell("{linear: [x, h_prev], activation: sigmoid}", "{bias: none}"), 5, 6, "reads nothing"),
    "state without equation": (_cell("{h: 0}", "{h: 0, c: 0}"), 2, 19, "no equation defines the state 'c'"),
    "output without equation": (_cell("output: h", "output: y"), 3, 9, "no equation defines the output 'y'"),
    "a name that is a function": (_cell("  z:", "  max: 1\n  z:"), 5, 3, "'max' is the name of a function"),
    "a name that is a keyword": (_cell("  z:", "  lambda: 1\n  z:"), 5, 3, "'lambda' cannot be used in formulas"),
    "a name with an escape": (_cell("  z:", '  "z\\e[31m": 1\n  z:'), 5, 3, ""),
    "x defined again": (_cell("  z:", "  x: 1\n  z:"), 5, 3, "'x' is the input's name"),
    "bias as text": (_cell("sigmoid}", "sigmoid, bias: big}"), 5, 55, ""),
    "initial value infinite": (_cell("{h: 0}", "{h: .inf}"), 2, 13, "must be a finite number or -.inf"),
    "duplicate key": (CELL + "  h: z\n", 7, 3, ""),
    "not a file of ours": ("a: 1\n", 1, 1, "this is not an archsearch file"),
    "only a list": ("- 1\n- 2\n", 1, 1, "this is not an archsearch file"),
    # wirings
    "coupled gate with an entry": (
        WIRING + "coupling: i = 1 - f\ngates: {input: {bias: 1}}\n",
        3,
        16,
        "the input gate is not used: coupling is 'i = 1 - f'",
    ),
    "peephole of an open gate": (
        WIRING + "gates: {output: open}\npeepholes: [output]\n",
        3,
        13,
        "the output gate has no",
    ),
    "unknown gate": (WIRING + "gates: {inptu: open}\n", 2, 9, "did you mean 'input'?"),
    "half-open gate": (WIRING + "gates: {input: ajar}\n", 2, 16, ""),
    "unknown coupling": (WIRING + "coupling: f = i\n", 2, 11, ""),
    # spaces
    "two bases": (SPACE + "cell: lstm\n", 5, 1, "a space has either wiring or cell, and both are given; remove one"),
    "unknown base": (SPACE.replace("lstm", "lsmt"), 2, 9, "no shipped wiring is called 'lsmt'; did you mean 'lstm'?"),
    "hole for no field": (
        SPACE.replace("squash", "squish"),
        4,
        3,
        "no field is called 'squish'; did you mean 'squash'?",
    ),
    "hole with an unknown option": (SPACE.replace("identity", "identify"), 4, 18, "did you mean 'identity'?"),
    "hole with an option twice": (SPACE.replace("identity", "tanh"), 4, 11, "the option 'tanh' stands twice"),
    "hole of no kind": (
        SPACE.replace("[tanh, identity]", "{any: 1}"),
        4,
        11,
        "a hole is a list of plain values, or a mapping with one of: one_of, subset_of",
    ),
    "empty hole": (SPACE.replace("[tanh, identity]", "[]"), 4, 11, ""),
    "contains what it does not": (SPACE + "contains: [gru]\n", 5, 12, "gru is not among all configurations"),
    "contains nothing known": (SPACE + "contains: [grue]\n", 5, 12, "did you mean 'gru'?"),
    "a hole that is not in the table": (
        "space: s\ncell:\n  states: {h: 0}\n  output: h\n  equations:\n    h: $phi(x)\n",
        6,
        8,
        "the hole '$phi' is not in the table",
    ),
    "a hole that nothing uses": (
        "space: s\ncell: rnn\nholes: {phi: [tanh, relu]}\n",
        3,
        9,
        "nothing uses the hole '$phi'",
    ),
    "subset larger than its elements": (
        "space: s\nwiring: lstm\nholes:\n  peepholes: {subset_of: [input], at_least: 2}\n",
        4,
        14,
        "at_least is 2",
    ),
    "an option that makes no cell": (
        "space: s\ncell:\n  states: {h: 0}\n  output: h\n  equations:\n    h: tanh($a)\nholes: {a: [x, y]}\n",
        6,
        8,
        "nothing is called 'y'",
    ),
    # studies
    "unknown task": (_study("temporal_order", "temporal_ordre"), 3, 14, "did you mean 'temporal_order'?"),
    "unknown task option": (_study("length: 40", "lenght: 40"), 3, 30, "did you mean 'length'?"),
    "task too long": (_study("length: 40", "length: 1000000000"), 3, 38, ""),
    "hidden size too large": (_study("hidden_size: 8", "hidden_size: 1000000000"), 4, 22, ""),
    "no sequences": (_study("sequences: 640", "sequences: 0"), 5, 44, "must be at least 1"),
    "sampler unknown": (_study("trials: 2", "trials: 2, sampler: tpee"), 7, 30, "did you mean 'tpe'?"),
    "pruner unknown": (_study("trials: 2", "trials: 2, pruner: media"), 7, 29, "did you mean 'median'?"),
    "baseline unknown": (_study("[gru]", "[grrru]"), 6, 13, ""),
    "space unknown": (_study("lstm_to_gru", "lstm_to_gruu"), 2, 8, "did you mean 'lstm_to_gru'?"),
    "backend unknown": (STUDY + "backend: natve\n", 8, 10, "did you mean 'native'?"),
    "hole of no field": (
        STUDY + "holes: {training.learning_rat: {float: [0.001, 0.1]}}\n",
        8,
        9,
        "did you mean 'training.learning_rate'?",
    ),
    "logarithmic range from zero": (
        STUDY + "holes: {training.learning_rate: {float: [0.0, 0.1], log: true}}\n",
        8,
        33,
        "a logarithmic range from 0.0",
    ),
    "two sizes": (_study("hidden_size: 8", "hidden_size: 8, parameters: 900"), 4, 25, "and both are given"),
    "no size": (_study("hidden_size: 8", "layers: 2"), 4, 8, "either hidden_size or parameters, and neither is given"),
    "an empty size": (_study("hidden_size: 8", "hidden_size: "), 4, 9, "must be a whole number, not an empty value"),
    "no parameters": (_study("hidden_size: 8", "parameters: 0"), 4, 21, "must be at least 1"),
    "misspelt parameters": (_study("hidden_size: 8", "paramters: 90"), 4, 9, "did you mean 'parameters'?"),
    "too few parameters for a baseline": (_study("hidden_size: 8", "parameters: 38"), 4, 21, "the smallest model of"),
    "a hole in a size that is not there": (
        STUDY + "holes: {model.parameters: [300, 900]}\n",
        8,
        9,
        "no field is called 'model.parameters'",
    ),
    "no task": (_study("task: {name: temporal_order, length: 40}\n", ""), 1, 1, "either task or tasks, and neither"),
    "task and tasks": (
        STUDY + "tasks: {a: {name: parity}}\n",
        8,
        1,
        "either task or tasks, and both are given; remove one",
    ),
    "tasks without any": (_tasks("{}"), 3, 8, "must have at least 1 entry"),
    "tasks that are a list": (_tasks("[{name: parity}]"), 3, 8, "must be a mapping"),
    "a label with a dot": (_tasks("{a.b: {name: parity}}"), 3, 9, "'a.b' is not a legal name here"),
    "a label like the end of a file": (_tasks("{yml: {name: parity}}"), 3, 9, "would make the study's name look like"),
    "an unknown task among several": (
        _tasks("\n  a: {name: parity}\n  b: {name: parrity}"),
        5,
        13,
        "tasks.b.name: no task is called 'parrity'; did you mean 'parity'?",
    ),
    "an unknown option of a task among several": (
        _tasks("\n  a: {name: parity}\n  b: {name: adding, lenght: 20}"),
        5,
        21,
        "did you mean 'length'?",
    ),
    "a readout that one task of several has not": (
        _tasks("\n  a: {name: parity}\n  b: {name: copy_memory}").replace("size: 8", "size: 8, readout: last"),
        6,
        34,
        "model.readout: task b: the task 'copy_memory' is not read at 'last'",
    ),
    "a mistake that all tasks share": (
        _tasks("\n  a: {name: parity}\n  b: {name: adding}").replace("[gru]", "[grru]"),
        8,
        13,
        "baselines[0]: no shipped",
    ),
    "path out of the folder that is not there": (_study("lstm_to_gru", "../../nothing.yaml"), 2, 8, "there is no file"),
    # the first week
    "a choice in place of a value": (
        _study("hidden_size: 8", "hidden_size: [8, 16]"),
        4,
        22,
        "a choice among values is a hole",
    ),
    "a number with a unit": (STUDY + "limits: {seconds: 10min}\n", 8, 19, "write the number alone, without a unit"),
    "a number as text": (_study("0.01", '"0.01"'), 5, 27, "write it without quotes"),
    "a decimal comma": (_study("0.01", "0,01"), 5, 29, "a decimal number has a point, no comma"),
    "a date for a name": (_study("study: s", "study: 2024-01-31"), 1, 8, "'2024-01-31' is not a legal name here"),
    "a boolean for a name": (_study("study: s", "study: true"), 1, 8, "must be text, not true; put it in quotes"),
    "a word for no clipping": (
        _study("640}", "640, clip: no}"),
        5,
        55,
        "or 'none', not text 'no'; did you mean 'none'?",
    ),
    "an unknown device": (_study("640}", "640, device: gpu}"), 5, 57, "allowed: cpu, mps, cuda, cuda:0"),
    "less than a batch": (_study("640}", "10}"), 5, 44, "10 sequences are less than a batch of 32"),
    "no seeds": (_study("trials: 2", "trials: 2, seeds: 0"), 7, 28, "must be at least 1, got 0"),
    "more markers than there are": (_study("length: 40", "length: 40, markers: 60"), 3, 51, "allowed: 2, 3"),
    "a task by its name alone": (_study("{name: temporal_order, length: 40}", "parity"), 3, 7, "write {name: parity}"),
    "a task's misspelt name": (_study("{name:", "{nmae:"), 3, 7, "missing key 'name'; is 'nmae' meant to be 'name'?"),
    "a list for a mapping": (_study("{trials: 2}", "\n  - trials: 2"), 8, 3, "write key: value, without '- '"),
    "a key outside of its part": (
        STUDY + "sampler: tpe\n",
        8,
        1,
        "unknown key 'sampler'; it belongs below search; allowed",
    ),
    "a space for a baseline": (
        _study("[gru]", "[lstm_to_gru]"),
        6,
        13,
        "'lstm_to_gru' is a space, not a cell or a wiring",
    ),
    "an empty part": (_study("{trials: 2}", ""), 7, 1, "must be a mapping, not an empty value"),
    "a hole's path without its part": (
        STUDY + "holes: {learning_rate: [0.1]}\n",
        8,
        9,
        "did you mean 'training.learning_rate'?",
    ),
    "a range with a misspelt kind": (
        STUDY + "holes: {training.learning_rate: {flaot: [0.1, 1]}}\n",
        8,
        33,
        "is 'flaot' meant to be 'float'?",
    ),
    "a tab": ("study: s\ntask:\n\tname: parity\n", 3, 1, "a tab stands where only spaces may; indent with spaces"),
    "no space after a colon": (_study("space: ", "space:"), 2, 1, "write key: value, with a space after the ':'"),
    "a quote that does not end": (_study("study: s", 'study: "s'), 1, 8, "the closing quote is missing"),
    "a coupling without spaces": (WIRING + "coupling: i = 1-f\n", 2, 11, "did you mean 'i = 1 - f'?"),
    "a reset without its place": (WIRING + "gates: {reset: {gate: own}}\n", 2, 16, "'place'; allowed: before, after"),
    "a hole in a cell": (_cell("z * h_prev", "$phi(z)"), 6, 6, "holes stand in a space"),
    "peepholes as choices": (
        SPACE.replace("squash: [tanh, identity]", "peepholes: [input, forget]"),
        4,
        14,
        "allowed: {subset_of: [gate, ...]}",
    ),
    "an option with structure in a list": (
        SPACE.replace("squash: [tanh, identity]", "gates.input: [open, {bias: 1}]"),
        4,
        16,
        "options with structure are written {one_of: {label: value}}",
    ),
    "a range for words": (
        SPACE.replace("[tanh, identity]", "{int: [1, 3]}"),
        4,
        11,
        "allowed: a list of values, or one_of",
    ),
    "a field's path over a cell": (SPACE.replace("wiring:", "cell:"), 4, 3, "only with wiring: as its base"),
    "a hole for all equations": (
        "space: s\ncell:\n  states: {h: 0}\n  output: h\n  equations: $a\nholes: {a: [x]}\n",
        5,
        14,
        "a hole cannot stand for all equations; write them out",
    ),
    "a hole for all states": (
        "space: s\ncell:\n  states: $a\n  output: h\n  equations: {h: x}\nholes: {a: [x]}\n",
        3,
        11,
        "a hole cannot stand for all states; write them out",
    ),
    "a hole inside an option": (
        "space: s\ncell:\n  states: {h: 0}\n  output: h\n  equations:\n    h: $a\nholes: {a: [x, 2 * $b], b: [x]}\n",
        7,
        16,
        "'$b': an option may not use another hole",
    ),
    "a mistyped key of an inline space": (
        _study("lstm_to_gru", "{wiring: lstm, hoels: {}}"),
        2,
        23,
        "did you mean 'holes'? allowed: space, wiring, cell, holes, contains",
    ),
}
