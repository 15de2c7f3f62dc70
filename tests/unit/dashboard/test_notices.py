"""Sign, notice and assessment say what the settings say."""

import pytest

from edge_core.config import PrivacyConfig, load_site
from edge_core.dashboard.language import Say
from edge_core.dashboard.notices import assessment, notice, signage
from edge_core.dashboard.notices.facts import facts_of
from edge_core.service.demo import mall_folder


def site(**privacy):
    config = load_site(mall_folder("shop") / "site.toml")
    return config.model_copy(update={"privacy": PrivacyConfig(**privacy)})


def test_facts_name_the_cameras_who_answers_and_what_is_off():
    facts = facts_of(site(pack="eu", operator="Silverstitch", contact="ask@shop"), Say("en"))
    assert facts.cameras[0] == "Door, Ground floor"
    assert facts_of(site(pack="eu"), Say("zh")).cameras[0].startswith("店门，")
    assert (facts.operator, facts.contact) == ("Silverstitch", "ask@shop")
    assert "recognising people from camera to camera" in facts.off
    assert not any("clothes" in it for it in facts.estimated)
    assert "400 days" in facts.kept[1]


def test_whoever_is_recognised_is_told_for_how_long():
    facts = facts_of(site(pack="none", embedding_ttl_s=600, event_days=30), Say("en"))
    assert any("10 minutes" in it for it in facts.estimated)
    assert "30 days" in facts.kept[1]
    assert facts.off == ()


def test_who_answers_is_left_to_be_filled_in_where_the_settings_do_not_say():
    assert facts_of(site(pack="uk"), Say("en")).operator.startswith("____")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("pack", ["strict", "china", "none"])
@pytest.mark.parametrize("make", [signage, notice, assessment])
def test_each_paper_is_made_in_both_languages(make, pack, language):
    assert make(site(pack=pack), Say(language)).startswith(b"%PDF")
