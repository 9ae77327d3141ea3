"""What a person does on the first day: write a space, mend it, launch a study, watch it, look at the winner.

One journey through a real server, with a real study on it: each step goes on where the one before has ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.visit import served_for_real, visiting

MISTAKEN = """space: mine
wiring: lstm
holes:
  coupling: [none, i = 1 - f]
  squash: [tanh, identty]
"""
STUDY = """study: {name}
space: mine
task: {{name: temporal_order, length: 20, markers: 2}}
model: {{hidden_size: 8}}
training: {{learning_rate: 0.01, batch_size: 32, sequences: 1600}}
baselines: [lstm]
search: {{sampler: random, pruner: none, trials: {trials}, seeds: 1}}
confirm: {{best: 1, seeds: 2}}
report: {{best: 1, seeds: 3}}
"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A visitor of a server that has no study yet."""
    storage = f"sqlite:///{tmp_path_factory.mktemp('journey') / 'studies.db'}"
    with served_for_real(storage, "--cores", "1") as link, visiting(browser, link) as found:
        yield found


def space(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Space")


def study(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Study")


def write(page: Page, name: str, trials: int) -> None:
    page.goto(f"{page.url.partition('/')[0]}//{page.url.split('/')[2]}/new")
    space(page).fill(MISTAKEN.replace("identty", "identity"))
    study(page).fill(STUDY.format(name=name, trials=trials))


def an_empty_server_says_where_to_begin(page: Page) -> None:
    page.get_by_role("link", name="Make one here").click()
    expect(page).to_have_url(re.compile(r"/new$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("New study")


def a_mistake_is_shown_at_its_line(page: Page) -> None:
    space(page).fill(MISTAKEN)
    result = page.locator("#result")
    place = result.get_by_role("link", name=re.compile(r"line 5, column \d+"))
    expect(place).to_be_visible()
    expect(result).to_contain_text("did you mean 'identity'?")
    expect(space(page)).to_have_attribute("aria-invalid", "true")
    place.click()
    before = "(field) => field.value.slice(0, field.selectionStart)"
    assert space(page).evaluate(before).count("\n") == 4, "the cursor stands in line 5"


def a_sound_space_is_counted_and_sampled(page: Page) -> None:
    space(page).fill(MISTAKEN.replace("identty", "identity"))
    study(page).fill(STUDY.format(name="first", trials=3))
    samples = page.get_by_role("region", name="Samples")
    expect(samples.get_by_role("heading", level=2)).to_contain_text("4 configurations")
    expect(samples.locator("svg.archsearch-cell")).to_have_count(4)
    expect(space(page)).not_to_have_attribute("aria-invalid", "true")


def a_launched_study_is_watched_until_its_end(page: Page) -> None:
    page.get_by_role("button", name="Create and start").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("first")
    page.evaluate("() => { window.neverLoadedAgain = true; }")
    rows = page.locator("table.board tbody tr")
    expect(rows.first).to_be_visible()
    expect(page.locator("h1 .state")).to_have_text("finished")
    expect(page.locator(".verdict")).to_contain_text("winner")
    assert page.evaluate("() => window.neverLoadedAgain"), "the board moved without the page being loaded again"
    expect(page.locator("#content")).to_contain_text("3 of 3")
    assert page.locator("canvas").count() >= 1, "curves are drawn"


def the_winner_is_opened(page: Page) -> None:
    page.locator("table.board tbody tr:not(.baseline) th a").first.click()
    expect(page).to_have_url(re.compile(r"/candidate\?"))
    expect(page.locator(".diagram svg.archsearch-cell").first).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("Equations"))).to_be_visible()


def the_winner_is_compared_with_the_lstm(page: Page) -> None:
    page.locator("form[action='/compare'] select").select_option("cell:lstm")
    page.locator("form[action='/compare'] button").click()
    expect(page).to_have_url(re.compile(r"/compare\?"))
    expect(page.locator("svg.archsearch-cell")).to_have_count(2)
    expect(page.locator(".marked").first).to_be_visible()


def another_study_is_cancelled_and_deleted(page: Page) -> None:
    write(page, "second", 500)
    page.get_by_role("button", name="Create and start").click()
    expect(page.locator("h1 .state")).to_have_text("running")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("h1 .state")).to_have_text("cancelled")
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name=re.compile("Delete")).click()
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()
    expect(page.get_by_role("link", name="first")).to_be_visible()
    expect(page.get_by_role("link", name="second")).to_have_count(0)


def a_name_that_is_taken_is_told_and_the_texts_stay(page: Page) -> None:
    write(page, "first", 3)
    expect(page.locator("#result")).to_contain_text("is there already")
    expect(study(page)).to_have_value(STUDY.format(name="first", trials=3))


def test_the_first_day(page: Page) -> None:
    an_empty_server_says_where_to_begin(page)
    a_mistake_is_shown_at_its_line(page)
    a_sound_space_is_counted_and_sampled(page)
    a_launched_study_is_watched_until_its_end(page)
    the_winner_is_opened(page)
    the_winner_is_compared_with_the_lstm(page)
    another_study_is_cancelled_and_deleted(page)
    a_name_that_is_taken_is_told_and_the_texts_stay(page)
