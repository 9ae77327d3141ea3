"""Which files are read, and that no file can stop or fool the reader."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest

from archsearch.errors import InvalidInput
from archsearch.schema.document import parse_document, read_document


def refusal(path: Path) -> str:
    """The one line with which a file is refused."""
    with pytest.raises(InvalidInput) as caught:
        read_document(path)
    assert len(caught.value.problems) == 1
    return str(caught.value)


def test_a_file_is_read_like_its_text(tmp_path: Path) -> None:
    text = "cell: é\r\nstates: {h: 0}\n"
    file = tmp_path / "cell.yaml"
    file.write_bytes(text.encode())
    assert read_document(file) == parse_document(text, str(file))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xfea\x00:\x00", ": is UTF-16; save it as UTF-8"),
        (b"\xfe\xff\x00a", ": is UTF-16; save it as UTF-8"),
        (b"a\x00:\x00 \x001\x00", ":1:2: contains the character U+0000 (a NUL; is this UTF-16?)"),
        (b"\xef\xbb\xbfa: 1", ":1:1: contains the character U+FEFF (a byte-order mark;"),
        (b"a: 1\n\xc3\xa9: x\nb: \xe9\n", ":3:4: is not UTF-8: byte 0xe9"),
        (b"a: \xed\xa0\x80", ":1:4: is not UTF-8: byte 0xed"),
        (b"a: \xc3", ":1:4: is not UTF-8: byte 0xc3"),
        (b"#" * (256 * 1024 + 1), ": is larger than 256 KiB"),
        (b"", ":1:1: the document is empty"),
    ],
)
def test_bytes_that_are_not_plain_utf8_are_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(content)
    assert refusal(file).startswith(f"{file}{expected}")


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: is a folder, not a file"
    assert refusal(Path("/dev/zero")) == "/dev/zero: is not a regular file"
    assert refusal(tmp_path / "none.yaml") == f"{tmp_path}/none.yaml: cannot be read: no such file or directory"
    assert "cannot be read" in refusal(tmp_path / "nul\0.yaml")
    assert "cannot be read" in refusal(tmp_path / ("n" * 5_000))


def test_a_socket_is_not_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        assert "cannot be read" in refusal(Path("s"))


def test_opening_a_fifo_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo.yaml"
    os.mkfifo(fifo)
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.append(refusal(fifo)), daemon=True)
    reader.start()
    reader.join(timeout=30)
    assert lines == [f"{fifo}: is not a regular file"]


def test_a_hostile_file_name_is_printed_in_visible_characters(tmp_path: Path) -> None:
    line = refusal(tmp_path / "a\x1b[31m\n\u202e.yaml")
    assert line.isprintable()
    assert "\\x1b[31m\\n\\u202e" in line
