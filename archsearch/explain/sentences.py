"""One plain sentence for each equation of a cell, made from what its value is used for."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from archsearch.explain.activations import BETWEEN_0_AND_1
from archsearch.explain.roles import GateRole, Roles
from archsearch.explain.step import Made, Step
from archsearch.explain.terms import Apply, Atom, Sum, Term, atom_of, of, only, replaced
from archsearch.explain.updates import Piece, Update
from archsearch.explain.values import Values
from archsearch.explain.words import Words, listed, through
from archsearch.formula import ACTIVATIONS
from archsearch.ir.instructions import spell


@dataclasses.dataclass(frozen=True)
class Sentence:
    """What an equation is, empty where no title was found, and what it does: `input gate` and `decides from ...`."""

    title: str
    rest: str

    def __str__(self) -> str:
        return f"{self.title}: {self.rest}" if self.title else self.rest


class Sentences:
    """The sentences of one step, as it is `written`, by the roles that its values have."""

    def __init__(self, written: Step, values: Values, roles: Roles) -> None:
        self.written = written
        self.values = values
        self.step = values.step
        self.roles = roles
        self.words = Words(self.step, roles)

    def all(self) -> dict[str, Sentence]:
        """A sentence for each equation, in order."""
        return {name: self.of(name) for name in self.written.made}

    def titles(self) -> dict[str, str]:
        """What each equation is for, in a word or two: `input gate`, `part`, `unused`, or nothing."""
        return {name: self._title(name) for name in self.written.made}

    def nouns(self) -> dict[str, str]:
        """The noun of each equation and state."""
        names = [*self.written.made, *self.written.states]
        return {name: self.words.nouns.get(self.values.meanings.get(name, name), "") for name in names}

    def _title(self, name: str) -> str:
        value = self.values.meanings.get(name)
        if name in self.values.unused:
            return "unused"
        if value is not None:
            return self.words.titles[value] if value == name else ""
        return "part" if name in self.values.maps else self._coupled_title(name)

    def of(self, name: str) -> Sentence:
        """The sentence of an equation."""
        if name in self.values.unused:
            return Sentence("not used", "the output never depends on it")
        value = self.values.meanings.get(name)
        if value == name:
            return self._of_value(name)
        if value is not None:
            return Sentence("", f"the same as {self.words.value(value)}")
        made = self._as_read(name)
        if name in self.values.maps:
            return Sentence(f"part of {self.words.value(self.values.maps[name])}", self._linear_map(made))
        if made.complement in self.roles.gates:
            roles, other = self._other_roles(made.complement), str(made.complement)
            return Sentence(self._coupled_title(name), self._coupled(roles, other))
        return Sentence("", self._plain(made))

    def _as_read(self, name: str) -> Made:
        """An equation over the names of values."""

        def put(read: str) -> Sum:
            return of(Atom(self.values.meanings.get(read, read)))

        return self.written.made[name].mapped(lambda value: replaced(value, put))

    def _other_roles(self, gate: str | None) -> tuple[GateRole, ...]:
        """What one minus a gate does; nothing where it is not the name of a gate."""
        roles = self.roles.gates.get(gate or "", ())
        mixed = [role for role in roles if role.use == "mix"]
        if mixed:
            return tuple(GateRole("write" if role.share_kept else "keep", role.target, role.value) for role in mixed)
        return tuple(dataclasses.replace(role, share_kept=not role.share_kept) for role in roles)

    def _coupled_title(self, name: str) -> str:
        roles = self._other_roles(self._as_read(name).complement)
        return f"{self.words.gate_title(roles)}, coupled" if roles else ""

    def _of_value(self, name: str) -> Sentence:
        made, title = self.step.made[name], self.words.titles[name]
        if name in self.roles.updates:
            return Sentence(title, f"{self._update(self.roles.updates[name])}{_all_through(made)}")
        if name == self.step.output:
            return Sentence(title, self._output(made))
        head, rest = self._inner(made, title)
        return Sentence(head, rest + self._remembered(name))

    def _inner(self, made: Made, title: str) -> tuple[str, str]:
        """Title and rest of the sentence of an equation that is neither a memory nor the output."""
        name = made.name
        if name in self.roles.gates:
            return title, self._gate(made)
        if name in self.roles.cell_inputs:
            into = self._into(self.roles.cell_inputs[name])
            origin = self._made_from(made)
            return "cell input", f"new content for {into}{', ' if origin.startswith('from ') else ': '}{origin}"
        if name in self.roles.parts:
            target = self.words.value(self.roles.parts[name])
            return f"part of {target}", self._linear_map(made)
        if name in self.roles.factors:
            into = self._into(self.roles.factors[name])
            return "", f"factor of what is written to {into}: {self._made_from(made)}"
        return "", self._plain(made)

    def _gate(self, made: Made) -> str:
        roles = self.roles.gates[made.name]
        other = self.step.complement(made.name)
        if other is not None:
            return self._coupled(roles, other)
        clauses = [self._clause(role) for role in roles]
        if made.is_plain_formula or any(term.coefficient != 1 for term in made.formula.terms):
            return f"{self.words.describe(made.formula)}{through(made.activation)}; sets {', and '.join(clauses)}"
        peepholes = [read for read in made.diagonal if self._looked_at(read)]
        looks = [self._looked_at(read) for read in peepholes]
        if len(clauses) > 1:
            clauses = [
                f"{head} ({rest})" if rest else head for head, _, rest in (clause.partition("; ") for clause in clauses)
            ]
        origin = self._from(made, peepholes)
        comma = "," if origin.endswith("of the step before") else ""
        text = f"decides {origin}{comma} {', and '.join(clauses)}"
        if looks:
            text += f"; its peephole looks at {listed(looks)}"
        if made.activation not in BETWEEN_0_AND_1:
            text += "; not squashed" if made.activation == "identity" else f"; through {made.activation}, not a sigmoid"
        if made.bias:
            hint = "" if any(role.use == "mix" for role in roles) else " (open at first)"
            text += f"; its bias starts at {spell(made.bias)}{hint if made.bias > 0 else ''}"
        if made.name in self.roles.cell_inputs:
            text += f"; also new content for {self._into(self.roles.cell_inputs[made.name])}"
        return text

    def _into(self, states: Sequence[str]) -> str:
        return listed(list(map(self.words.now, states)))

    def _clause(self, role: GateRole) -> str:
        update = self.roles.updates.get(role.target)
        if update is not None and role.use in ("keep", "mix", "write"):
            return self._update_clause(role, update)
        value = self.words.describe(role.value, whole=False)
        target = self.words.value(role.target)
        if role.use == "show":
            value, _ = self._view(role.value)
            return f"how much of {value} is shown{'' if role.target == self.step.output else f' in {target}'}"
        if role.use == "reset":
            made = self.step.made.get(atom_of(role.value) or "")
            if made is not None and made.name in self.roles.parts:
                value = listed(self.words.sources(made))
            return f"how much of {value} reaches {target} ({'before' if role.before else 'after'} its matrix)"
        return f"how much of {value} {'enters' if role.share_kept else 'is kept out of'} {target}"

    def _update_clause(self, role: GateRole, update: Update) -> str:
        memory = self.words.now(update.name)
        one = memory if update.name == update.state else self.words.value(f"{update.state}_prev")
        value = self.words.describe(role.value, whole=False)
        if role.use == "keep":
            return f"how much of {one} is {'kept' if role.share_kept else 'erased'}"
        if role.use == "write":
            return f"how much of {value} {'is written to' if role.share_kept else 'is kept out of'} {memory}"
        if role.share_kept:
            return f"how much of {one} is kept; {value} fills the rest"
        return f"how much of {value} is taken over; {one} keeps the rest"

    def _coupled(self, roles: tuple[GateRole, ...], other: str) -> str:
        gate = self.words.value(other)
        uses = {role.use for role in roles if role.share_kept}
        if any(role.use == "mix" for role in self.roles.gates.get(other, ())):
            return (
                f"writes as much as {gate} does not keep" if uses == {"write"} else f"keeps what {gate} does not write"
            )
        return f"1 minus {gate}; sets {', and '.join(map(self._clause, roles))}"

    def _looked_at(self, read: Sum) -> str:
        """What a peephole sees; empty where a vector reads something else than a memory."""
        name = atom_of(read)
        if name is None:
            return ""
        state = self.step.previous(name)
        if state is not None and any(update.state == state for update in self.roles.updates.values()):
            return f"{self.words.now(state)} before this step"
        return f"{self.words.now(name)} after this step" if name in self.roles.updates else ""

    def _from(self, made: Made, without: list[Sum] | None = None) -> str:
        sources = self.words.sources(made, without or [])
        if not sources:
            return "by a trained constant" if made.has_parameters else "by a constant"
        return "from the input alone" if sources == ["the input"] else f"from {listed(sources)}"

    def _made_from(self, made: Made) -> str:
        """`from the input and the output before, squashed by tanh`."""
        if not made.has_parameters and not any(atom_of(Sum((t,))) in self.roles.parts for t in made.formula.terms):
            return self.words.describe(made.formula) + through(made.activation)
        how = through(made.activation) or ", not squashed"
        return ("a trained constant" if not made.reads else self._from(made)) + how

    def _linear_map(self, made: Made) -> str:
        sources = self.words.sources(made)
        return f"a linear map of {listed(sources)}" if sources else "a trained constant"

    def _plain(self, made: Made) -> str:
        if not made.has_parameters:
            phrase = self.words.describe(made.formula) + through(made.activation)
            alone = atom_of(made.formula) if made.activation == "identity" else None
            return f"the same as {phrase}" if alone else phrase
        if made.activation == "identity":
            return self._linear_map(made)
        if not made.reads:
            return f"a trained constant{through(made.activation)}"
        between = "a value between 0 and 1, " if made.activation in BETWEEN_0_AND_1 else ""
        return (f"{between}{self._from(made)}" if between else self._linear_map(made)) + through(made.activation)

    def _output(self, made: Made) -> str:
        if made.has_parameters:
            return f"made anew {self._made_from(made)}"
        shown = [
            (gate, role)
            for gate, roles in self.roles.gates.items()
            for role in roles
            if role.use == "show" and role.target == made.name
        ]
        if len(shown) == 1 and len(made.formula.terms) == 1 and made.formula.terms[0].coefficient == 1:
            ((gate, role),) = shown
            view, how = self._view(role.value)
            return f"{view}{how}, as far as {self.words.value(gate)} lets it through{through(made.activation)}"
        return self.words.describe(made.formula) + through(made.activation)

    def _view(self, value: Sum) -> tuple[str, str]:
        """A memory, and what it passes through on its way out."""
        factor = only(value)
        if isinstance(factor, Apply) and factor.function in ACTIVATIONS:
            return self.words.describe(factor.operands[0], whole=False), through(factor.function)
        return self.words.describe(value, whole=False), ""

    def _update(self, update: Update) -> str:
        one = "the one before" if update.name == update.state else self.words.value(f"{update.state}_prev")
        if (mixing := update.mixture) is not None:
            return self.words.mixed(one, self._rest(update.written[0]), mixing)
        if update.average is not None:
            written = update.written[0]
            return (
                f"a running average, {spell(update.average)} of {one} and"
                f" {spell(written.coefficient)} of {self._rest(Piece(1.0, (), written.rest))}"
            )
        pieces = [(piece.coefficient, self._kept(piece, one)) for piece in update.kept]
        pieces += [(piece.coefficient, self._written(piece)) for piece in update.written]
        text = ""
        for coefficient, words in pieces:
            sign = ("minus " if coefficient < 0 else "") if not text else ", minus " if coefficient < 0 else ", plus "
            text += sign + words
        return text if len(pieces) > 1 else f"{text}, and nothing else"

    def _kept(self, piece: Piece, one: str) -> str:
        share = "" if abs(piece.coefficient) == 1 else f"{spell(abs(piece.coefficient))} of "
        if not piece.gates:
            return f"{share}{one}" if share else f"all of {one}"
        return f"{share}what {self.words.gates(piece.gates, 'keep')} of {one}"

    def _written(self, piece: Piece) -> str:
        plain = Piece(abs(piece.coefficient), (), piece.rest)
        if not piece.gates:
            return self._rest(plain)
        return f"what {self.words.gates(piece.gates, 'let')} in of {self._rest(plain)}"

    def _rest(self, piece: Piece) -> str:
        if not piece.rest:
            return spell(piece.coefficient)
        return self.words.describe(Sum((Term(piece.coefficient, piece.rest),)), whole=len(piece.rest) > 1)

    def _remembered(self, name: str) -> str:
        """What is said of a state that keeps nothing of the one before: it is read again."""
        again = name in self.step.states and any(self.step.readers(f"{name}_prev"))
        return "; read again at the next step" if again else ""


def _all_through(made: Made) -> str:
    text = through(made.activation)
    return text.replace(", ", ", all of it ", 1) if text else ""
