#!/usr/bin/env python3
"""Copy the compiled NHS design system out of its npm package into our static files.

Run once per upgrade and commit what it writes, so that installing OpenProtect needs no Node:

    python3 tools/vendor_nhsuk.py
"""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "10.6.1"
TARGET = Path(__file__).parents[1] / "openprotect" / "web" / "static" / "nhsuk"
DIST = "package/dist/nhsuk/"
# The licensed typeface lives on a national server: asking for it would tell a third party who reads
# our pages. Arial, next in the same list, remains.
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
SOURCE_MAP = re.compile(r"(/\*|//)# sourceMappingURL=.*?(\*/|$)", re.MULTILINE)
IMAGE = re.compile(r"url\(assets/images/([a-z-]+\.svg)\)")
LICENCE = """\
NHS.UK frontend {version}, compiled style sheet, script and icons. Changed here: the references to
the typeface and to source maps are gone, image addresses are relative, the script starts itself.
The NHS logo and the icons that show it are not copied.

MIT License

Copyright (c) 2019 NHS.UK

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = _download(Path(folder))
        with tarfile.open(package) as tar:
            _write(tar)


def _download(folder: Path) -> Path:
    """Let the npm client fetch the package; it checks the package's integrity itself."""
    said = subprocess.run(
        ["npm", "pack", f"nhsuk-frontend@{VERSION}", "--json", "--ignore-scripts"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return folder / json.loads(said.stdout)[0]["filename"]


def _write(tar: tarfile.TarFile) -> None:
    css = stylesheet(_read(tar, "nhsuk-frontend.min.css").decode())
    images = TARGET / "assets" / "images"
    images.mkdir(parents=True, exist_ok=True)
    (TARGET / "nhsuk-frontend.min.css").write_text(css)
    (TARGET / "nhsuk-frontend.min.js").write_text(
        script(_read(tar, "nhsuk-frontend.min.js").decode())
    )
    for name in sorted(set(IMAGE.findall(css))):
        (images / name).write_bytes(_read(tar, f"assets/images/{name}"))
    (TARGET / "LICENCE.txt").write_text(LICENCE.format(version=VERSION))


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.extractfile(DIST + name)
    if member is None:
        raise SystemExit(f"The package has no file {name}.")
    return member.read()


def stylesheet(css: str) -> str:
    """The style sheet without requests to others, its images found beside it under hashed names."""
    css = FONT_FACE.sub("", css).replace("/assets/images/", "assets/images/")
    return SOURCE_MAP.sub("", css).rstrip() + "\n"


def script(js: str) -> str:
    """One module that starts itself: an import would not follow the script's hashed name."""
    return SOURCE_MAP.sub("", js).rstrip() + "\ninitAll();\n"


if __name__ == "__main__":
    main()
