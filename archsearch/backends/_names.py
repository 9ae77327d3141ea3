"""Equations may be called like attributes of a module (`half`, `to`, `forward`), and are still found by their names.

Torch walks the dotted name of a parameter with `getattr`, so that `layer.half` has to be a module, although
`layer.half()` has to halve the layer.
"""

from __future__ import annotations

import operator
from typing import Any

from torch import nn


class Owner(nn.Module):
    """Parameters. A call runs the hooks with which pruning and the like compute what stands in for one of them."""

    def extra_repr(self) -> str:
        """Names and shapes of the parameters, for printing."""
        return ", ".join(
            f"{name}: {list(value.shape)}" for name, value in self._parameters.items() if value is not None
        )

    def _get_name(self) -> str:
        return "Parameters"

    def forward(self, name: str) -> Any:
        """The parameter `name`, or what stands in for it."""
        return getattr(self, name)


class Homonym(Owner):
    """The parameters of an equation that is called like an attribute of its layer, and which can be used as that."""

    _attribute: tuple[Shadowed, str]

    def __init__(self, layer: Any, name: str) -> None:
        super().__init__()
        self.belong_to(layer, name)

    def belong_to(self, layer: Any, name: str) -> None:
        """Stand for the attribute `name` of `layer`."""
        self.__dict__["_attribute"] = layer, name  # not as a child: it is the parent

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the attribute."""
        return self._hidden()(*args, **kwargs)

    def __bool__(self) -> bool:
        return bool(self._hidden())

    def __index__(self) -> int:
        return operator.index(self._hidden())

    def _hidden(self) -> Any:
        layer, name = self._attribute
        return super(Shadowed, layer).__getattribute__(name)


class Shadowed(nn.Module):
    """A module whose children are found before its attributes of the same names."""

    def __getattribute__(self, name: str) -> Any:
        attributes: dict[str, Any] = super().__getattribute__("__dict__")
        children = attributes.get("_modules", ())
        return children[name] if name in children else super().__getattribute__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Homonym):  # torch makes replicas of modules in this way
            value.belong_to(self, name)
            self._modules[name] = value
        elif name in self.__dict__ and not isinstance(value, nn.Module):  # `training`, which eval() sets
            self.__dict__[name] = value
        else:
            super().__setattr__(name, value)
