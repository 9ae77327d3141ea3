"""Databases as for studies."""

from tests.study.conftest import database, template

__all__ = ["database", "template"]
