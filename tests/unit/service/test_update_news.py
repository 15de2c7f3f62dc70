from datetime import UTC, datetime, timedelta

from edge_core.config import UpdatesConfig
from edge_core.service.health_reasons import update_reasons
from edge_core.service.update_news import updates_health
from edge_core.updates.probation import HEALTH, Health
from edge_core.updates.state import State, StateFile

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
CHANNEL = UpdatesConfig(url="https://updates.example/stable")


def _told(tmp_path, after: timedelta, **state):
    folder = tmp_path / "updates"
    folder.mkdir(exist_ok=True)
    StateFile(folder).save(State(**state))
    return updates_health(CHANNEL, round((NOW + after).timestamp() * 1e9), tmp_path)


def test_a_version_that_was_taken_back_is_told_for_a_week(tmp_path):
    state = {"returned": "version 1.1.0 was taken back: it hangs", "returned_at": NOW}
    state["bad"] = {"1.1.0": "it hangs"}
    told = _told(tmp_path, timedelta(days=6), **state)
    assert list(update_reasons(told)) == ["version 1.1.0 was taken back: it hangs"]
    assert told.bad == ["1.1.0"]
    assert list(update_reasons(_told(tmp_path, timedelta(days=8), **state))) == []


def test_a_channel_that_nobody_vouches_for_is_told_and_one_out_of_reach_is_no_reason(tmp_path):
    problem = {"problem": "What the channel says is not vouched for."}
    assert list(update_reasons(_told(tmp_path, timedelta(0), **problem))) == []
    told = _told(tmp_path, timedelta(0), **problem, refused=True)
    assert list(update_reasons(told)) == [problem["problem"]]


def test_without_a_channel_or_with_a_torn_state_nothing_breaks(tmp_path):
    assert updates_health(UpdatesConfig(), 0, tmp_path) is None
    (tmp_path / "updates").mkdir()
    (tmp_path / "updates" / "state.json").write_text('{"phase": "swi')
    assert updates_health(CHANNEL, 0, tmp_path).phase == "idle"


def test_the_services_own_answer_is_what_an_update_is_judged_by(get):
    told = Health.model_validate_json(get(HEALTH).content)
    assert told.version
    assert told.uptime_s >= 0
