"""What a practitioner does, with script and without."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(base_url=base, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def test_from_the_front_page_to_the_mailbox(page: Page) -> None:
    page.goto("/en/")
    page.get_by_label("State you are asking for help").fill("Kenia")
    page.get_by_label("Kind of request").select_option("extradition")
    page.get_by_role("button", name="Find the authority").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Office of the Attorney-General")
    page.get_by_role("link", name="Office of the Attorney-General").first.click()
    mail = page.get_by_role("link", name="mla@agc.example.org")
    expect(mail).to_have_attribute("href", "mailto:mla@agc.example.org")
    page.locator("#send summary").first.click()
    expect(page.locator("#send").get_by_text("Notification to the depositary").first).to_be_visible()
    expect(page.locator("#send").get_by_text("21 March 2014").first).to_be_visible()


def test_a_name_of_several_states_is_asked_back_and_never_guessed(page: Page) -> None:
    page.goto("/en/")
    page.get_by_label("State you are asking for help").fill("Congo")
    page.keyboard.press("Enter")
    choices = page.locator("main ul.choices a")
    expect(choices).to_have_text(["Congo", "Democratic Republic of the Congo"])


def test_what_was_true_on_a_past_day_and_how_that_is_known(page: Page) -> None:
    page.goto("/en/authorities/ke-attorney-general")
    page.get_by_label("Day", exact=True).fill("1")
    page.get_by_label("Month").fill("1")
    page.get_by_label("Year").fill("2016")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"/history/2\?as-of=2016-01-01$"))
    band = page.locator(".pastbar")
    expect(band).to_contain_text("as it stood on 1 January 2016")
    expect(band).to_contain_text("from 21 March 2014")
    expect(band).to_contain_text("The day of the notification to the depositary.")
    expect(page.locator("#send a[href^='mailto:'], #send a[href^='tel:']")).to_have_count(0)
    page.get_by_role("link", name="What changed since").click()
    expect(page.locator("main")).to_contain_text("Dual criminality")


def test_differences_between_any_two_versions(page: Page) -> None:
    page.goto("/en/authorities/ke-attorney-general/history")
    page.get_by_label("From version").select_option("1")
    page.get_by_label("To version").select_option("4")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("del").filter(has_text="old@agc.example.org")).to_be_visible()
    expect(page.locator("ins").filter(has_text="new@agc.example.org")).to_be_visible()


def test_search_narrow_widen(page: Page) -> None:
    page.goto("/en/search?q=ministry")
    before = page.locator(".hit").count()
    page.locator(".facets a", has_text="Somalia").click()
    expect(page.locator(".hit")).to_have_count(1)
    page.get_by_role("link", name="Remove this filter: Somalia").click()
    expect(page.locator(".hit")).to_have_count(before)


def test_no_control_is_dead_without_script(browser: Browser, base: str) -> None:
    context = browser.new_context(base_url=base, java_script_enabled=False)
    page = context.new_page()
    for path in ("/en/", "/en/authorities/ke-attorney-general", "/en/search"):
        page.goto(path)
        assert page.locator("button:not([type=submit])").filter(visible=True).count() == 0
    context.close()


def test_the_combobox_proposes_and_never_chooses(browser: Browser, base: str) -> None:
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.goto("/en/")
    field = page.get_by_role("combobox", name="State you are asking for help")
    field.focus()
    page.wait_for_load_state("networkidle")
    field.press_sequentially("keny")
    option = page.get_by_role("option", name="Kenya")
    expect(option).to_be_visible()
    expect(field).to_have_value("keny")
    field.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(field).to_have_value("Kenya")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.fill("")
    field.press_sequentially("кени")
    expect(page.get_by_role("option", name="Kenya")).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.fill("Kenya")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"state=Kenya"))
    context.close()


def test_an_address_is_copied_in_one_press(browser: Browser, base: str) -> None:
    context = browser.new_context(base_url=base, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/en/authorities/ke-attorney-general")
    page.get_by_role("button", name="Copy address").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "State Law Office, Harambee Avenue, Nairobi, KENYA"
    context.close()
