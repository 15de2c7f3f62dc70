import pytest

from edge_core.errors import PromenadeError
from edge_core.vision.evaluate import evaluate
from edge_core.vision.mot import MotWriter, parse_mot, read_mot

from .conftest import Scene


def mot(*rows):
    """Rows of (frame, id, left); all boxes are 10x20 at height 0."""
    return parse_mot(f"{frame},{number},{left},0,10,20,1,-1,-1,-1" for frame, number, left in rows)


def test_a_perfect_answer_scores_one():
    truth = mot((1, 1, 0), (1, 2, 50), (2, 1, 5), (2, 2, 45))
    scores = evaluate(truth, truth)
    assert (scores.mota, scores.idf1, scores.switches) == (1.0, 1.0, 0)


def test_errors_by_hand():
    # Person 1 for four frames. Tracks: frame 1 right as id 7; frame 2 missed; frames 3 and 4
    # right but as id 8; in frame 4 also a box of nobody.
    truth = mot((1, 1, 0), (2, 1, 0), (3, 1, 0), (4, 1, 0))
    tracks = mot((1, 7, 0), (3, 8, 0), (4, 8, 0), (4, 9, 200))
    scores = evaluate(truth, tracks)
    assert scores.false_negatives == 1
    assert scores.false_positives == 1
    assert scores.switches == 1
    assert scores.fragments == 1
    assert scores.mota == pytest.approx(1 - 3 / 4)
    # The best single name for person 1 is track 8: two boxes of 4 true and 4 put out.
    assert scores.idf1 == pytest.approx(2 * 2 / (4 + 4))
    assert (scores.truth_ids, scores.track_ids) == (1, 3)


def test_two_people_whose_ids_swap_halfway():
    truth = mot(*[(f, 1, 0) for f in range(1, 5)], *[(f, 2, 100) for f in range(1, 5)])
    tracks = mot(
        *[(f, 1 if f < 3 else 2, 0) for f in range(1, 5)],
        *[(f, 2 if f < 3 else 1, 100) for f in range(1, 5)],
    )
    scores = evaluate(truth, tracks)
    assert scores.switches == 2
    assert scores.mota == pytest.approx(1 - 2 / 8)
    assert scores.idf1 == pytest.approx(0.5)


def test_a_match_is_kept_although_another_box_overlaps_more():
    # Two tracks on one person: the one matched first stays matched while it overlaps by half.
    truth = mot((1, 1, 0), (2, 1, 0))
    tracks = mot((1, 5, 1), (2, 5, 2), (2, 6, 0))
    assert evaluate(truth, tracks).switches == 0


def test_truth_of_score_zero_is_left_out():
    truth = parse_mot(["1,1,0,0,10,20,1,-1,-1,-1", "1,2,50,0,10,20,0,-1,-1,-1"])
    assert evaluate(truth, mot((1, 1, 0))).false_negatives == 0


def test_no_tracks_at_all():
    scores = evaluate(mot((1, 1, 0)), mot())
    assert (scores.mota, scores.idf1) == (0.0, 0.0)


def test_tracks_written_are_read_back(tmp_path):
    scene = Scene()
    for step in range(10):
        scene.show((100 + 10 * step, 300), (400, 400))
    path = tmp_path / "out.txt"
    with MotWriter(path) as writer:
        for number, tracks in enumerate(scene.out, 1):
            writer.write(number, tracks)
    rows = read_mot(path)
    assert len(rows) == sum(len(tracks) for tracks in scene.out)
    assert path.read_text().splitlines()[0].endswith(",-1,-1,-1")
    assert set(rows.track_id.tolist()) == {1, 2}
    assert rows.frame.max() == 10


def test_a_file_of_another_kind_is_refused_with_a_remedy(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("hello\n")
    with pytest.raises(PromenadeError, match="Its lines must read"):
        read_mot(path)


def test_frames_count_from_one(tmp_path):
    with MotWriter(tmp_path / "out.txt") as writer, pytest.raises(ValueError, match="from 1"):
        writer.write(0, Scene().show())
