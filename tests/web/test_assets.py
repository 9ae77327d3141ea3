"""Style sheets and scripts: what is shipped is what was published, and addresses follow the content."""

from __future__ import annotations

import base64
import hashlib
import re

from archsearch.web.assets import FOLDER, Asset, assets, by_file

VENDOR = FOLDER / "vendor"


def test_the_files_of_others_are_as_they_were_published() -> None:
    lines = (line.split() for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
    listed = {name: digest for digest, name in lines}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.[jc]s*")}
    assert found == listed


def test_an_address_changes_with_the_content() -> None:
    one, other = Asset("a/site.css", b"a{}", "text/css"), Asset("a/site.css", b"b{}", "text/css")
    assert one.url != other.url
    assert re.fullmatch(r"/static/[0-9a-f]{16}-site\.css", one.url)


def test_integrity_is_a_hash_that_browsers_know() -> None:
    asset = assets()["site.js"]
    kind, _, text = asset.integrity.partition("-")
    assert (kind, base64.b64decode(text)) == ("sha384", hashlib.sha384(asset.content).digest())


def test_files_are_found_by_the_last_part_of_their_address_alone() -> None:
    assert {f"/static/{file}": asset.name for file, asset in by_file().items()} == {
        asset.url: name for name, asset in assets().items()
    }


def test_no_file_of_ours_asks_for_anything_from_elsewhere() -> None:
    for name, asset in assets().items():
        if not name.startswith("vendor/"):
            text = asset.content.decode().replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?://|@import|\burl\(", text), name


def test_colours_come_in_pairs_for_light_and_dark() -> None:
    text = assets()["diagram.css"].content.decode()
    assert text.count("light-dark(") >= 10
    assert not re.search(r"\n(?!\.archsearch-cell)", text.strip()), "every rule is about diagrams alone"
