"""The stepper's page in headless Chromium, driven by Selenium: what a reader sees, held against plain integers."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qattn.show.gallery import FORMS, oracle
from qattn.show.stepper import step
from qattn.show.steps import Steps

webdriver = pytest.importorskip("selenium.webdriver", reason="no selenium: pip install -e '.[test]'")
DRIVER = shutil.which("chromedriver")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(
    DRIVER is None or BROWSER is None,
    reason="no browser: the stepper's page is not tried in one (apt-get install chromium chromium-driver)",
)

# a table as it stands in the page: per row its name, its amplitude, and the bits and the integer of each register
SEEN = """return [...document.querySelectorAll('#rows tbody tr')].map(r => [
  parseInt(r.dataset.j, 16), r.querySelector('.amp').textContent.trim(),
  Object.fromEntries([...r.querySelectorAll('td[data-reg]')].map(c => [c.dataset.reg, [
    c.querySelector('.bits') ? c.querySelector('.bits').textContent : '',
    c.querySelector('.int') ? c.querySelector('.int').textContent : '', c.className === 'changed']]))])"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=DRIVER))
    yield driver
    driver.quit()


def resize(browser: Any, width: int, height: int = 900) -> None:
    """A headless window is never narrower than 500 pixels; the device's metrics may be."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def load(browser: Any, page: Path, fragment: str = "") -> None:
    """Open a page whose address may differ from the last one's by its fragment alone."""
    browser.get("about:blank")
    browser.get_log("performance")
    browser.get(page.as_uri() + fragment)


def press(browser: Any, key: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    ActionChains(browser).send_keys(getattr(Keys, key)).perform()


def stage(browser: Any) -> int:
    return int(browser.execute_script("return document.documentElement.dataset.stage"))


def complaints(browser: Any, page: Path) -> list[str]:
    """Console messages, and requests for anything but the page."""
    said = [entry["message"] for entry in browser.get_log("browser")]
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert any(url.startswith(page.as_uri()) for url in asked), "the log sees requests"
    return said + [url for url in asked if not url.startswith((page.as_uri(), "data:"))]


def assert_seen(browser: Any, steps: Steps, i: int) -> None:
    """Every register of every branch on the screen is the record's, which the other tests hold to plain integers."""
    rows = browser.execute_script(SEEN)
    assert [row[0] for row in rows] == list(steps.rows)
    for place, (_, amplitude, cells) in enumerate(rows):
        for own in steps.registers:
            column = steps.stages[i].columns[own.name]
            bits, shown, changed = cells[own.name]
            value = column.values[place]
            assert value is not None
            assert int(shown.replace("−", "-")) == own.integer(value)
            if not column.fourier:
                assert bits == f"{value:0{own.size}b}"
            before = steps.stages[i - 1].columns[own.name] if i else column
            assert changed == ((before.values[place], before.fourier) != (value, column.fourier))
        assert float(amplitude.replace("−", "-")) == pytest.approx(steps.stages[i].amplitudes[place].real, abs=6e-5)
    shown = browser.execute_script("return {...document.getElementById('ptext').dataset}")
    n, m = steps.n, steps.stages[i].iteration
    theta = math.asin(math.sqrt(steps.marked.sum() / n))
    assert float(shown["p"]) == pytest.approx(math.sin((2 * m + 1) * theta) ** 2, abs=1e-9)
    assert float(shown["theory"]) == pytest.approx(math.sin((2 * m + 1) * theta) ** 2, abs=1e-12)


@pytest.mark.parametrize(("form", "case", "m"), [
    ("textbook", (16, 2, 3), 3), ("frugal", (16, 2, 3), 1), ("cheapest", (64, 4, 4), 1),
])  # fmt: skip
def test_to_the_end_by_keyboard(browser: Any, tmp_path: Path, form: str, case: tuple[int, int, int], m: int) -> None:
    searched = oracle(case, FORMS[form])
    steps = step(searched, m)
    page = steps.save(tmp_path / "step.html")
    resize(browser, 1280)
    load(browser, page)
    what = searched.comparison
    for i in range(len(steps)):
        assert stage(browser) == i
        assert_seen(browser, steps, i)
        if steps.stages[i].name == "Z on the sign" and case[0] == 16:  # not through the record: from Q and K alone
            scores = [int(row[2]["score"][1].replace("−", "-")) for row in browser.execute_script(SEEN)]
            assert scores == (what.T - 1 - np.asarray(what.X) @ what.A).tolist()
        press(browser, "ARROW_RIGHT")
    assert stage(browser) == len(steps) - 1
    assert browser.current_url.endswith(f"#stage={len(steps) - 1}")
    press(browser, "ARROW_LEFT")
    assert stage(browser) == len(steps) - 2
    press(browser, "HOME")
    assert stage(browser) == 0
    press(browser, "END")
    assert stage(browser) == len(steps) - 1
    assert complaints(browser, page) == []


def test_deep_links_play_and_focus(browser: Any, tmp_path: Path) -> None:
    steps = step(oracle((16, 2, 3), FORMS["textbook"]), 1)
    page = steps.save(tmp_path / "step.html")
    resize(browser, 1280)
    load(browser, page, "#stage=4")
    assert stage(browser) == 4
    assert_seen(browser, steps, 4)
    load(browser, page, "#stage=9999")
    assert stage(browser) == len(steps) - 1
    load(browser, page, "#stage=2")
    press(browser, "SPACE")
    assert browser.execute_script("return document.getElementById('play').getAttribute('aria-pressed')") == "true"
    press(browser, "SPACE")
    assert browser.execute_script("return document.getElementById('play').getAttribute('aria-pressed')") == "false"
    reached = set()
    for _ in range(14):
        press(browser, "TAB")
        reached.add(browser.execute_script("return document.activeElement.id"))
    assert {"first", "back", "play", "next", "last", "slider", "theme", "circuit", "rows", "only"} <= reached
    nameless = """return [...document.querySelectorAll('button, input, svg[role], section, [role=region]')].filter(
        e => !(e.getAttribute('aria-label') || e.closest('label') || e.querySelector('h2'))).map(e => e.outerHTML)"""
    assert browser.execute_script(nameless) == []
    assert complaints(browser, page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_overflows(browser: Any, tmp_path: Path, width: int, scheme: str) -> None:
    feature = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)
    steps = step(oracle((64, 4, 4), FORMS["cheapest"]), 1)
    page = steps.save(tmp_path / "step.html")
    resize(browser, width)
    for i in (0, 4, len(steps) - 1):
        load(browser, page, f"#stage={i}")
        widths = browser.execute_script(
            "return [innerWidth, document.documentElement.scrollWidth, document.body.scrollWidth]"
        )
        assert widths[0] == width, "the override took"
        assert max(widths[1:]) <= width
        outside = """return [...document.querySelectorAll('body *')].filter(e =>
            (!e.closest('.scroll') || e.matches('.scroll')) && !e.closest('svg')
            && e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.id || e.tagName)"""
        assert browser.execute_script(outside) == []
    dark = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(255, 255, 255)") == (scheme == "light")


def test_the_checks_see_what_they_should(browser: Any, tmp_path: Path) -> None:
    """A false integer, a wide element, a script's error and a request are each found."""
    steps = step(oracle((16, 2, 3), FORMS["textbook"]), 1)
    page = steps.save(tmp_path / "step.html")
    text = page.read_text(encoding="utf-8")
    resize(browser, 360)
    wrong = tmp_path / "wrong.html"
    wrong.write_text(text.replace("integer(r, v).toString()", "(integer(r, v) + 1n).toString()"), encoding="utf-8")
    load(browser, wrong, "#stage=3")
    with pytest.raises(AssertionError):
        assert_seen(browser, steps, 3)
    noisy = (
        "<img src='https://example.invalid/x.png'><div style='width:700px'>wide</div><script>nothing()</script></main>"
    )
    open_page = text.replace("</main>", noisy).replace("default-src 'none'", "default-src *")
    wrong.write_text(open_page.replace("img-src data:", "img-src *"), encoding="utf-8")
    load(browser, wrong)
    found = complaints(browser, wrong)
    assert any("example.invalid" in line for line in found)
    assert any("nothing is not defined" in line for line in found)
    assert browser.execute_script("return document.documentElement.scrollWidth") > 360
