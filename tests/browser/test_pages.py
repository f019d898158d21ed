"""Every kind of page, in both directions of writing, light and dark, narrow and wide, on screen and on paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ENTRY = "authorities/ke-attorney-general"
PAGES = (
    "",
    "find",
    "find?state=Congo&for=mla",
    "find?state=Nowhere",
    "find?state=Kenya&for=mla&from=France&urgent=1",
    "find?state=Kenya&for=prevention",
    "search",
    "search?q=justice&function=mla",
    "search?q=zzzzzz",
    "search?q=office&as-of=2012-01-01",
    "search?band=nonsense",
    "states",
    "states/ke",
    "states/ke?as-of=2012-01-01",
    "states/nz",
    ENTRY,
    f"{ENTRY}/history",
    f"{ENTRY}/history/1?as-of=2012-01-01",
    f"{ENTRY}/history/4",
    f"{ENTRY}/changes?from=1&to=3",
    f"{ENTRY}?as-of=1999-01-01",
    "authorities/ke-public-prosecutions",
    "authorities/so-ministry-justice",
    "authorities/ru-long",
    "authorities/ye-justice",
    "authorities/de-old",
    "authorities/fr-hostile",
    "changes",
    "about",
    "nothing-here",
)
FAILING = ("find?state=Nowhere", "search?band=nonsense", f"{ENTRY}?as-of=1999-01-01", "nothing-here")
"""Pages that say what is wrong."""
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')].filter(e => {
  const r = e.getBoundingClientRect();
  if (!r.width || e.closest('.vh, .skip')) return false;
  const text = e.closest('p, li, dd, td, th, h1, h2, h3, address') && getComputedStyle(e).display === 'inline';
  return !text && (r.height < 24 || r.width < 24);
}).map(e => e.outerHTML.slice(0, 120))"""
FOCUSABLE = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]'
)].filter(e => e.checkVisibility()).length"""
WIDER = """css => {
  const root = document.documentElement, by = how => [how, root.scrollWidth - root.clientWidth];
  const found = [by('plain')];
  document.querySelectorAll('details').forEach(d => { d.open = true });
  found.push(by('opened'));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
  found.push(by('spaced'));
  return found;
}"""
FOCUSED = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  if (e === document.body) return null;
  const ringed = s.outlineStyle !== 'none' || s.boxShadow !== 'none';
  return [[...document.querySelectorAll('*')].indexOf(e), ringed, r.bottom > 0 && r.top < innerHeight];
}"""


@pytest.fixture(params=["en", "ar"])
def lang(request: pytest.FixtureRequest) -> str:
    """A language from left to right, and one from right to left."""
    return str(request.param)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("ar", "dark")])
def test_axe_finds_nothing(browser: Browser, base: str, axe: str, lang: str, scheme: str) -> None:
    """WCAG 2.2 A and AA and axe's best practice; pictures of text are judged by the contrast of the tokens."""
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": 1280, "height": 900})  # type: ignore[arg-type]
    page = context.new_page()
    found = []
    for path in PAGES:
        page.goto(f"{base}/{lang}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        page.evaluate(axe)
        result = page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        found += [(path, v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in result["violations"]]
    context.close()
    assert found == []


def test_the_policy_stops_nothing_that_a_page_needs(page: Page, base: str, lang: str) -> None:
    """No console message, no failed request, nothing from elsewhere."""
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: messages.append(request.url) if not request.url.startswith(base) else None)
    for path in PAGES:
        if path not in FAILING:  # the console says of those that they are 404 or 400
            response = page.goto(f"{base}/{lang}/{path}")
            assert response is not None
            assert response.status == 200, path
    assert messages == []


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_its_window(page: Page, base: str, lang: str, width: int) -> None:
    """Nor with everything opened, nor with the text spacing that WCAG 1.4.12 asks for."""
    page.set_viewport_size({"width": width, "height": 700})
    found = []
    for path in PAGES:
        page.goto(f"{base}/{lang}/{path}", wait_until="domcontentloaded")
        found += [(path, how, by) for how, by in page.evaluate(WIDER, SPACING) if by > 0]
    assert found == []


def test_targets_are_large_enough(page: Page, base: str, lang: str) -> None:
    """24 by 24 pixels (WCAG 2.5.8) for every control and link that doesn't stand in a line of text."""
    page.set_viewport_size({"width": 320, "height": 700})
    found = []
    for path in PAGES:
        page.goto(f"{base}/{lang}/{path}")
        found += [(path, html) for html in page.evaluate(SMALL)]
    assert found == []


def test_the_keyboard_reaches_every_control_and_shows_where_it_is(page: Page, base: str) -> None:
    for path in ("", ENTRY, "search?q=justice", f"{ENTRY}/history"):
        page.goto(f"{base}/en/{path}")
        total = page.evaluate(FOCUSABLE)
        seen = set()
        for _ in range(total + 5):
            page.keyboard.press("Tab")
            where = page.evaluate(FOCUSED)
            if where is None:
                break
            index, ringed, visible = where
            assert ringed, (path, index)
            assert visible, (path, index)
            seen.add(index)
        assert len(seen) == total, path


def test_an_entry_fits_on_two_sheets_of_paper_with_its_sources_and_without_navigation(
    page: Page, base: str, lang: str
) -> None:
    page.goto(f"{base}/{lang}/{ENTRY}")
    for size in ("A4", "Letter"):
        document = page.pdf(format=size, prefer_css_page_size=False)
        assert document.count(b"/Type /Page\n") + document.count(b"/Type /Page ") <= 2
    page.emulate_media(media="print")
    assert page.locator("nav, footer, button").filter(visible=True).count() == 0
    assert page.get_by_text("Notification to the depositary").filter(visible=True).count() > 0


def test_numbers_and_mailboxes_keep_their_order_from_right_to_left(page: Page, base: str) -> None:
    page.goto(f"{base}/ar/{ENTRY}")
    link = page.locator("a[href='tel:+254202227461']")
    assert link.inner_text() == "+254\u00a020\u00a02227461"
    assert link.evaluate("e => getComputedStyle(e).direction + getComputedStyle(e).unicodeBidi") == "ltrisolate"
    assert page.locator("html").get_attribute("dir") == "rtl"
    side = page.locator(".side").bounding_box()
    content = page.locator(".content").bounding_box()
    assert side is not None
    assert content is not None
    assert side["x"] < content["x"]
