"""Settings that stand in the environment, or in a file `.env` of the working directory, in place of options."""

from __future__ import annotations

from typing import TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from archsearch.errors import InvalidInput, Problem
from archsearch.study import DEFAULT_STORAGE

PREFIX = "ARCHSEARCH_"
_WORDS = {
    "int_parsing": "must be a whole number",
    "string_pattern_mismatch": "must be 20 to 200 letters, digits, . _ ~ or -",
}
_Defaults = TypeVar("_Defaults", bound=BaseSettings)


class Defaults(BaseSettings):
    """`ARCHSEARCH_STORAGE`. A variable of the environment comes before one in `.env`; an empty one counts as unset."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    storage: str = Field(DEFAULT_STORAGE, repr=False)  # may hold a password


def read_defaults(kind: type[_Defaults]) -> _Defaults:
    """The settings as they are now; `InvalidInput` names the variables whose values cannot be used."""
    try:
        return kind()
    except ValidationError as error:
        raise InvalidInput(
            Problem(
                (f"{PREFIX}{str(mistake['loc'][0]).upper()}",),
                _WORDS.get(mistake["type"]) or mistake["msg"].replace("Input should be", "must be"),
            )
            for mistake in error.errors()
        ) from None
    except UnicodeDecodeError:
        raise InvalidInput(Problem((".env",), "is not UTF-8")) from None


def default_storage() -> str:
    """The database that is meant where none is named."""
    return read_defaults(Defaults).storage
