"""What people read leads where it says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GUIDES = sorted((ROOT / "assets" / "docs").glob("*.md"))
PAGES = [README, *GUIDES, *sorted((ROOT / "packaging" / "docs").glob("*.md"))]
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ELSEWHERE = re.compile(r"[a-z]+:")


def links(page: Path) -> list[tuple[Path, str]]:
    """Where a page's relative links lead: the file, and the heading or ""."""
    found = _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))
    parts = (link.partition("#") for link in found if not _ELSEWHERE.match(link))
    return [((page.parent / file).resolve() if file else page, head) for file, _, head in parts]


def anchors(page: Path) -> set[str]:
    """Names by which GitHub links to a page's headings."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    heads = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file_and_a_heading_that_are_there(page):
    lost = [
        f"{target.name}#{head}"
        for target, head in links(page)
        if not target.exists() or (head and head not in anchors(target))
    ]
    assert lost == []


def test_guides_link_to_one_another_alone_for_packages_bring_nothing_else_of_the_tree():
    strangers = [
        f"{guide.name}: {target}"
        for guide in GUIDES
        for target, _ in links(guide)
        if target not in GUIDES
    ]
    assert strangers == []


def test_the_readme_leads_to_every_page():
    led_to = {target for target, _ in links(README)}
    assert [page.name for page in PAGES if page != README and page not in led_to] == []
    assert len(led_to) > len(PAGES)


def test_the_readme_tells_the_two_commands_word_for_word():
    lines = README.read_text(encoding="utf-8").splitlines()
    for command in ("demo", "test"):
        assert f"python3 packaging/dev.py {command}" in lines
