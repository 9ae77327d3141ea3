"""What the built archives carry: the package and its YAML files, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without network or isolation."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def source_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive of this checkout."""
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


def build(target: str, source: Path, folder: Path) -> Path:
    """The one archive that hatchling writes into `folder` from the tree `source`."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (archive,) = folder.iterdir()
    return archive


def contents(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel by name, less its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
        return {name: archive.read(name) for name in names}


def unpack(source_archive: Path, folder: Path) -> Path:
    """The one folder of a source archive, written into `folder`."""
    with tarfile.open(source_archive) as archive:
        for member in archive:
            data = archive.extractfile(member)
            if data is not None:
                path = folder / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data.read())
    (unpacked,) = folder.iterdir()
    return unpacked


def files_below(folder: Path, pattern: str) -> dict[str, bytes]:
    """The files of a folder of the checkout, by their path inside that folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob(pattern)}


@pytest.mark.parametrize("kind", ["spaces", "studies"])
def test_the_wheel_carries_every_shipped_yaml_file(wheel: Path, kind: str) -> None:
    expected = files_below(ROOT / kind, "*.yaml")
    prefix = f"archsearch/shipped/{kind}/"
    found = {name.removeprefix(prefix): data for name, data in contents(wheel).items() if name.startswith(prefix)}
    assert found == expected
    assert expected


def test_the_wheel_carries_every_module_and_the_marker_of_types(wheel: Path) -> None:
    package = {f"archsearch/{name}" for name in files_below(ROOT / "archsearch", "*.py")}
    found = set(contents(wheel))
    assert {name for name in found if name.endswith(".py")} == package
    assert "archsearch/py.typed" in found


def test_the_wheel_has_one_top_level_folder_and_no_tests(wheel: Path) -> None:
    found = contents(wheel)
    assert {name.partition("/")[0] for name in found} == {"archsearch"}
    assert not [name for name in found if "test" in Path(name).stem.split("_")]


def test_the_metadata_names_the_command_and_the_license(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        texts = {Path(name).name: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}
    assert "archsearch = archsearch.cli.main:main" in texts["entry_points.txt"]
    assert "License-Expression: Apache-2.0" in texts["METADATA"]
    assert texts["LICENSE"] == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_an_unpacked_wheel_finds_its_own_shipped_files(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = (
        "from archsearch import registry; print(registry.shipped_folder('spaces'), *registry.shipped_names('spaces'))"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    folder, *names = done.stdout.split()
    assert Path(folder) == tmp_path / "archsearch" / "shipped" / "spaces"
    assert names == sorted(path.stem for path in (ROOT / "spaces").glob("*.yaml"))


def test_the_source_archive_builds_the_same_wheel(source_archive: Path, wheel: Path, tmp_path: Path) -> None:
    unpacked = unpack(source_archive, tmp_path)
    assert contents(build("wheel", unpacked, tmp_path / "again")) == contents(wheel)


def test_the_source_archive_is_clean(source_archive: Path) -> None:
    with tarfile.open(source_archive) as archive:
        paths = [Path(*Path(name).parts[1:]) for name in archive.getnames()]
    assert {"pyproject.toml", "LICENSE", "README.md", "constraints.txt", "Makefile"} <= {path.name for path in paths}
    tops = {path.parts[0] for path in paths if len(path.parts) > 1}
    assert tops <= {"archsearch", "spaces", "studies", "tests", "docs", "benchmarks"}
    assert not [path for path in paths if path.suffix in {".db", ".pyc", ".lock"} or "__pycache__" in path.parts]
