"""Documents that are no machine: by name, the text and the lines it must give, each from its line:column on."""

from __future__ import annotations

MISTAKES: dict[str, tuple[str, list[str]]] = {
    "nothing but text": ("hello", ["1:1: must be a mapping, not text 'hello'"]),
    "a list at the top": ("- name: a", ["1:1: must be a mapping, not a list"]),
    "missing key": ("hidden: 2", ["1:1: missing key 'name'"]),
    "unknown key": ("name: a\nhiden: 2", ["2:1: hiden: unknown key 'hiden'; did you mean 'hidden'? allowed: name, "]),
    "unlike any key": ("name: a\nzzz: 2", ["2:1: zzz: unknown key 'zzz'; allowed: name, gates, "]),
    "a misspelt required key": ("nmae: a", ["1:1: nmae: unknown key 'nmae'; did you mean 'name'? allowed: name, "]),
    "field name instead of its alias": (
        "name: a\nlong_name: 2",
        ["2:1: long_name: unknown key 'long_name'; did you mean 'long-name'? allowed: "],
    ),
    "value under an alias": ("name: a\nlong-name: x", ["2:12: long-name: must be a whole number, not text 'x'"]),
    "unknown key inside a union": (
        "name: a\ngates:\n  i: {linear: [x], bais: 1}",
        ["3:20: gates.i.bais: unknown key 'bais'; did you mean 'bias'? allowed: linear, bias, activation, size"],
    ),
    "a key that is a union's tag": (
        "name: a\ngates: {gate: {gate: 1}}",
        ["2:16: gates.gate.gate: unknown key 'gate'; allowed: linear, bias, activation, size"],
    ),
    "neither member of a union": (
        "name: a\ngates: {i: opn}",
        ["2:12: gates.i: must be a mapping, a whole number, 'open' or 'closed', not text 'opn'; did you mean 'open'?"],
    ),
    "a kind without a tag": (
        "name: a\ngates: {i: [1]}",
        ["2:12: gates.i: must be a mapping, a whole number, 'open' or 'closed', not a list"],
    ),
    "an unknown tag": (
        "name: a\ngates: {i: yes, j: true}",
        [
            "2:12: gates.i: must be a mapping, a whole number, 'open' or 'closed', not text 'yes'",
            "2:20: gates.j: must be a mapping, a whole number, 'open' or 'closed', not true",
        ],
    ),
    "union of number and word": (
        "name: a\ngates: {i: {bias: non}}",
        ["2:19: gates.i.bias: must be a number or 'none', not text 'non'; did you mean 'none'?"],
    ),
    "right member of a union, wrong value": (
        "name: a\ngates: {i: {size: 0}}",
        ["2:19: gates.i.size: must be at least 1, got 0"],
    ),
    "inside one member of a plain union": (
        "name: a\nnumbers: [1, x, y]",
        [
            "2:14: numbers[1]: must be a whole number, not text 'x'",
            "2:17: numbers[2]: must be a whole number, not text 'y'",
        ],
    ),
    "inside the other member": (
        "name: a\nnumbers: {k: 1.5}",
        ["2:14: numbers.k: must be a whole number, not number 1.5"],
    ),
    "no member of a plain union": ("name: a\nnumbers: x", ["2:10: numbers: must be a list or a mapping, not text 'x'"]),
    "inside a union inside a union": (
        "name: a\nnested: [[1], {k: x}, [y]]",
        [
            "2:19: nested[1].k: must be a whole number, not text 'x'",
            "2:24: nested[2][0]: must be a whole number, not text 'y'",
        ],
    ),
    "no member of an inner union": (
        "name: a\nnested: [3]",
        ["2:10: nested[0]: must be a list or a mapping, not number 3"],
    ),
    "the nearest of two models": (
        "name: a\neither: {shape: circle, radius: x}",
        ["2:33: either.radius: must be a number, not text 'x'"],
    ),
    "tag by a field": (
        "name: a\nshape: {shape: circle, side: 1}",
        [
            "2:8: shape: missing key 'radius'; required: shape, radius",
            "2:24: shape.side: unknown key 'side'; allowed: shape, radius",
        ],
    ),
    "unknown tag by a field": (
        "name: a\nshape: {shape: circl}",
        ["2:16: shape.shape: must be one of the choices, not text 'circl'; did you mean 'circle'? allowed: square"],
    ),
    "missing tag by a field": (
        "name: a\nshape: {side: 1}",
        ["2:8: shape: missing key 'shape'; allowed: square, circle"],
    ),
    "word for a choice": (
        "name: a\nreadout: lst",
        ["2:10: readout: must be one of the choices, not text 'lst'; did you mean 'last'? allowed: last, every"],
    ),
    "number for a choice": (
        "name: a\nreadout: 3",
        ["2:10: readout: must be one of the choices, not number 3; allowed: "],
    ),
    "choice in a list": (
        "name: a\npicks: [input, forgot]",
        ["2:16: picks[1]: must be one of the choices, not text 'forgot'; did you mean 'forget'? allowed: input"],
    ),
    "text for a list": ("name: a\npicks: input", ["2:8: picks: must be a list, not text 'input'; write [input]"]),
    "mapping for a list": ("name: a\npicks: {a: 1}", ["2:8: picks: must be a list, not a mapping"]),
    "list for a mapping": ("name: a\ngates: [a]", ["2:8: gates: must be a mapping, not a list"]),
    "list for text": ("name: [a]", ["1:7: name: must be text, not a list"]),
    "number for text": ("name: 12", ["1:7: name: must be text, not number 12; put it in quotes"]),
    "boolean for text": ("name: true", ["1:7: name: must be text, not true; put it in quotes"]),
    "text behind a validator": ("name: a\ntext: [x]", ["2:7: text: must be text, not a list"]),
    "nothing for text": ("name:", ["1:1: name: must be text, not an empty value"]),
    "text for a number": ("name: a\nrate: fast", ["2:7: rate: must be a number, not text 'fast'"]),
    "quoted number": ("name: a\nrate: '0.5'", ["2:7: rate: must be a number, not text '0.5'; write it without quotes"]),
    "boolean for a number": ("name: a\nhidden: true", ["2:9: hidden: must be a whole number, not true"]),
    "float for an integer": (
        "name: a\nhidden: 1e3",
        ["2:9: hidden: must be a whole number, not number 1000.0; write 1000"],
    ),
    "fraction for an integer": ("name: a\nhidden: 1.5", ["2:9: hidden: must be a whole number, not number 1.5"]),
    "text for a boolean": ("name: a\nloop: no", ["2:7: loop: must be true or false, not text 'no'; write false"]),
    "number for a boolean": ("name: a\nloop: 1", ["2:7: loop: must be true or false, not number 1"]),
    "too small": ("name: a\nhidden: 0", ["2:9: hidden: must be at least 1, got 0"]),
    "too large": ("name: a\nhidden: 1_000_000_000", ["2:9: hidden: must be at most 4096, got 1000000000"]),
    "not above": ("name: a\nrate: 0", ["2:7: rate: must be greater than 0, got 0"]),
    "not below": ("name: a\nrate: 1.25", ["2:7: rate: must be less than 1, got 1.25"]),
    "not a number": ("name: a\nrate: .nan", ["2:7: rate: must be a finite number, got nan"]),
    "infinity": ("name: a\nrate: .inf", ["2:7: rate: must be a finite number, got inf"]),
    "short text": ("name: a\nnote: x", ["2:7: note: must have at least 2 characters, got 1"]),
    "long text": ("name: a\nnote: abcdef", ["2:7: note: must have at most 5 characters, got 6"]),
    "empty list": ("name: a\ngates: {i: {linear: []}}", ["2:21: gates.i.linear: must have at least 1 entry, got 0"]),
    "long list": (
        "name: a\ngates: {i: {linear: [a, b, c, d]}}",
        ["2:21: gates.i.linear: must have at most 3 entries, got 4"],
    ),
    "illegal name": (
        "name: ../x",
        ["1:7: name: '../x' is not a legal name here; a letter, then letters, digits, under"],
    ),
    "name with a line break": ('name: "a\\n"', ["1:7: name: 'a\\n' is not a legal name here; a letter, "]),
    "name in another direction": ("name: a\u202eb", ["1:7: name: 'a\\u202eb' is not a legal name here; a letter, "]),
    "markup for a name": ("name: <script>", ["1:7: name: '<script>' is not a legal name here; a letter, "]),
    "spreadsheet formula for a name": ("name: =HYPERLINK(1)", ["1:7: name: '=HYPERLINK(1)' is not a legal name"]),
    "long name": ("name: " + "a" * 65, ["1:7: name: 'aaaaa"]),
    "illegal key": (
        "name: a\ngates: {9a: open}",
        ["2:9: gates.9a: '9a' is not a legal name here; a letter, then letters, digits and underscores, at most 40"],
    ),
    "illegal key and value": ("name: a\ngates: {9a: opn}", ["2:9: gates.9a: '9a' is not", "2:13: gates.9a: must be a"]),
    "key that is no choice": (
        "name: a\ncolours: {gren: 1}",
        ["2:11: colours.gren: must be one of the choices, not text 'gren'; did you mean 'green'? allowed: red, green"],
    ),
    "a real key like pydantic's mark": (
        "name: a\ntable: {k: {'[key]': x}}",
        ["2:22: table.k.[key]: must be a whole number, not text 'x'"],
    ),
    "key marked like an error": ("name: a\ngates: {'[key]': open}", ["2:9: gates.[key]: '[key]' is not a legal name"]),
    "deep in a tree": (
        "name: a\ntree: {name: r, children: [{name: s, children: [{nam: t}]}]}",
        ["2:50: tree.children[0].children[0].nam: unknown key 'nam'; did you mean 'name'? allowed: name, children"],
    ),
    "a validator's own words": ("name: a\nodd: 3", ["2:6: odd: three is taken"]),
    "a validator's own problem": ("name: a\nformula: (", ["2:10: formula: a formula without brackets is wanted"]),
    "several mistakes": (
        "loop: 1\nhidden: 0\nnaem: a\ngates:\n  i: {bias: x}\n  j: ajar",
        [
            "1:7: loop: must be true or false",
            "2:9: hidden: must be at least 1",
            "3:1: naem: unknown key 'naem'; did you mean 'name'?",
            "5:13: gates.i.bias: must be a number or 'none'",
            "6:6: gates.j: must be a mapping, a whole number, 'open' or 'closed', not text 'ajar'",
        ],
    ),
    "long value": ("name: a\nrate: " + "z" * 500, ["2:7: rate: must be a number, not text 'zzzz"]),
}
