import json
import os
import subprocess
import sys
from pathlib import Path

NPM = """#!{python}
import json, os, pathlib, sys, time
with open("{calls}", "a") as calls:
    print(json.dumps([sys.argv[1:], os.environ.get("JWT_SECRET")]), file=calls)
print("chatter")
if sys.argv[1] != "run":
    sys.exit(0)
pathlib.Path("dist").mkdir()
pathlib.Path("dist/index.html").write_text(pathlib.Path("src/page.ts").read_text())
sys.exit("page.ts is wrong" if "wrong" in pathlib.Path("src/page.ts").read_text() else 0)
"""


class Console:
    """The sources of a console in a repository of their own, and the Node.js that builds it."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder
        self.web = folder / "app" / "web"
        self.built = self.web / "dist"
        self._calls = folder / "calls"
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.install("node", "#!/bin/sh\necho v22.12.0\n")
        self.install("npm", NPM.format(python=sys.executable, calls=self._calls))
        (self.web / "src").mkdir(parents=True)
        (self.web / "package-lock.json").write_text("{}")
        (self.web / "src" / "other.ts").touch()
        self.write("the first page")

    @property
    def environ(self) -> dict[str, str]:
        return os.environ | {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "JWT_SECRET": "a secret of thirty-two bytes, or more",
        }

    def install(self, program: str, text: str) -> None:
        (self.bin / program).write_text(text)
        (self.bin / program).chmod(0o755)

    def write(self, page: str) -> None:
        (self.web / "src" / "page.ts").write_text(page)

    def start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "app.cli", "build"]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.repository, env=self.environ, stdout=pipe, stderr=pipe, text=True)

    def build(self) -> tuple[int | None, str, str]:
        with self.start() as building:
            out, err = building.communicate(timeout=60)
        return building.returncode, out, err

    def page(self) -> str:
        return (self.built / "index.html").read_text()

    def left(self) -> list[str]:
        return sorted(path.name for path in self.web.iterdir())

    def calls(self) -> list[str]:
        """The commands that npm was given; none of them has seen a secret."""
        lines = self._calls.read_text().splitlines() if self._calls.exists() else []
        assert all(secret is None for _, secret in map(json.loads, lines))
        return [words[0] for words, _ in map(json.loads, lines)]
