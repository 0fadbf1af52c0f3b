"""axe-core on our pages in headless Chromium, where both are at hand: `make axe` brings axe-core from npm.

A page and axe are one file, so that nothing is fetched; every `<details>` is judged shut and open.
"""

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from nightdesk.settings import project_root

AXE = Path(os.environ.get("NIGHTDESK_AXE") or project_root() / "node_modules" / "axe-core" / "axe.min.js")
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
#: a phone and a desk
WIDTHS = (390, 1280)
needs_axe = pytest.mark.skipif(
    not (AXE.is_file() and CHROMIUM), reason="axe-core or Chromium is not at hand: make axe, or set NIGHTDESK_AXE"
)
_SECONDS = 120
_JUDGE = """
(async () => {
  const found = [];
  for (const open of [false, true]) {
    document.querySelectorAll('details').forEach(one => { one.open = open; });
    const said = await axe.run(document, {resultTypes: ['violations']});
    found.push(...said.violations.map(one => `${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 160)}`));
  }
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  const told = document.createElement('pre');
  told.id = 'axe-told';
  told.textContent = JSON.stringify({violations: found, wide});
  document.body.replaceChildren(told);
})();
"""


def violations(html: str, width: int, folder: Path) -> list[str]:
    """What axe has against a page in a window of a width, and that it scrolls sideways where it does."""
    page = folder / f"axe_{width}.html"
    scripts = f"<script>{AXE.read_text(encoding='utf-8')}</script><script>{_JUDGE}</script></body>"
    page.write_text(html.replace("</body>", scripts), encoding="utf-8")
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--virtual-time-budget=60000",
    ]
    command += [f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True)
    told = re.search(r'<pre id="axe-told">(.*?)</pre>', done.stdout, re.DOTALL)
    assert told, "axe did not come to an end"
    said = json.loads(unescape(told[1]))
    return [*said["violations"], *([f"{said['wide']} pixels too wide"] if said["wide"] > 0 else [])]
