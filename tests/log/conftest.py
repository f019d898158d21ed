"""Programs that check our logs from outside: Go's packages, and the verifier that docs/log-format.md prints."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "log-format.md").read_text(encoding="utf-8")
INSTALL = (
    "Go and its sum-database packages judge the log, and they are not here. Install them: "
    "sudo apt-get install --no-install-recommends golang-go golang-golang-x-mod-dev"
)
Program = Callable[..., "subprocess.CompletedProcess[str]"]
"""Runs a program with the words and the standard input given."""


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The judge, compiled once; without Go the tests fail and say what to install."""
    go = shutil.which("go")
    sources = Path(os.environ.get("GOCODE", "/usr/share/gocode"))
    if not go or not (sources / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.fail(INSTALL)
    program = tmp_path_factory.mktemp("judge") / "judge"
    environ = {**os.environ, "GO111MODULE": "off", "GOPATH": str(sources), "GOFLAGS": ""}
    source = Path(__file__).parent / "go" / "judge.go"
    subprocess.run([go, "build", "-o", program, source], check=True, env=environ)
    return _runner(program)


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program that the page prints, cut out of it."""
    program = tmp_path_factory.mktemp("stranger") / "verify.py"
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    program.write_text(next(block for block in blocks if "verify.py" in block), encoding="utf-8")
    return _runner(sys.executable, program)


def _runner(*program: str | Path) -> Program:
    def run(*words: str | Path, text: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run([*program, *words], input=text, capture_output=True, text=True, check=False)

    return run
