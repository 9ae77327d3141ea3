"""The files that pages load: style sheets and scripts, by name, each under an address that changes with its content."""

from __future__ import annotations

import base64
import dataclasses
import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclasses.dataclass(frozen=True)
class Asset:
    """A file with its content and its media type."""

    name: str
    content: bytes
    media_type: str

    @functools.cached_property
    def file(self) -> str:
        """The last part of its address: the content's hash, so that browsers may keep it."""
        return f"{hashlib.sha256(self.content).hexdigest()[:16]}-{self.name.rpartition('/')[2]}"

    @property
    def url(self) -> str:
        """Its address on the server."""
        return f"/static/{self.file}"

    @functools.cached_property
    def integrity(self) -> str:
        """The digest by which a browser checks the content (Subresource Integrity)."""
        return f"sha384-{base64.b64encode(hashlib.sha384(self.content).digest()).decode()}"


@functools.cache
def assets() -> Mapping[str, Asset]:
    """All files by their path below `static`, and the style sheet of diagrams."""
    from archsearch.diagram.svg import page_style

    contents = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in sorted(FOLDER.rglob("*"))
        if path.suffix in _TYPES
    }
    contents["diagram.css"] = page_style().encode()
    return {name: Asset(name, content, _TYPES[Path(name).suffix]) for name, content in contents.items()}


@functools.cache
def by_file() -> Mapping[str, Asset]:
    """The same by the last part of their address."""
    return {asset.file: asset for asset in assets().values()}
