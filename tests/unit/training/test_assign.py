import numpy as np
import pytest


@pytest.fixture
def assign(torch):
    from edge_core.training.detector import assign

    return assign


@pytest.fixture
def cells(assign, torch):
    return assign.Cells.of(128, 128, torch.device("cpu"))


def alone(assign, cells, score, boxes, people):
    """Assignment of one picture's people."""
    owner, target = assign.assign(cells, score[None], boxes[None], people[None])
    return owner[0], target[0]


def test_cells_decode_as_the_product_does(assign, cells, torch):
    from edge_core.vision.decode import decode

    torch.manual_seed(0)
    maps = tuple(torch.randn(1, 5, 128 // s, 128 // s) for s in (8, 16, 32))
    boxes = cells.boxes_px(assign.flatten(maps))[0].numpy()
    theirs, _ = decode([m[0].numpy() for m in maps], 1e-6)
    order, their_order = np.lexsort(boxes.T), np.lexsort(theirs.T)
    assert boxes[order] == pytest.approx(theirs[their_order], rel=1e-4, abs=1e-3)


def test_a_person_gets_at_most_ten_cells_near_it(assign, cells, torch):
    person = torch.tensor([[40.0, 30.0, 80.0, 110.0]])
    boxes = person.expand(len(cells.centre_px), 4)
    score = torch.full((len(boxes),), 0.5)
    owner, target = alone(assign, cells, score, boxes, person)
    mine = owner == 0
    assert mine.sum() == assign.CELLS_A_PERSON
    assert assign.inside(cells.centre_px[mine], person).all()
    assert target[mine].tolist() == pytest.approx([1.0] * 10)
    assert (target[~mine] == 0).all()


def test_the_best_cell_is_asked_for_its_overlap(assign, cells, torch):
    person = torch.tensor([[32.0, 32.0, 64.0, 96.0]])
    boxes = person.repeat(len(cells.centre_px), 1)
    boxes[:, 3] -= 16  # a quarter of the height is missing: IoU 0.75
    owner, target = alone(assign, cells, torch.full((len(boxes),), 0.5), boxes, person)
    assert target[owner == 0].max() == pytest.approx(0.75)


def test_a_contested_cell_goes_to_the_person_it_fits_better(assign, cells, torch):
    people = torch.tensor([[30.0, 30.0, 70.0, 110.0], [40.0, 30.0, 80.0, 110.0]])
    boxes = people[1].expand(len(cells.centre_px), 4)
    shared = assign.inside(cells.centre_px, people).all(0).nonzero().squeeze(1)[:10]
    score = torch.full((len(boxes),), 0.01)
    score[shared] = 0.9  # both people want these ten
    owner, _ = alone(assign, cells, score, boxes, people)
    assert (owner[shared] == 1).all()


def test_a_person_smaller_than_a_cell_is_learnt_too(assign, cells, torch):
    person = torch.tensor([[17.0, 17.0, 19.0, 22.0]])
    boxes = cells.boxes_px(torch.zeros(len(cells.centre_px), 5))
    owner, _ = alone(assign, cells, torch.full((len(boxes),), 0.5), boxes, person)
    assert (owner == 0).any()


def test_nobody_there_means_nothing_to_learn(assign, cells, torch):
    boxes = cells.boxes_px(torch.zeros(len(cells.centre_px), 5))
    owner, target = alone(assign, cells, torch.ones(len(boxes)), boxes, torch.zeros(1, 4))
    assert (owner == -1).all()
    assert not target.any()


def test_pictures_of_a_batch_know_nothing_of_each_other(assign, cells, torch):
    torch.manual_seed(1)
    count = len(cells.centre_px)
    boxes = cells.boxes_px(torch.randn(2, count, 5) * 0.3 + 0.7)
    score = torch.rand(2, count)
    people = torch.tensor(
        [
            [[40.0, 30.0, 80.0, 110.0], [50.0, 20.0, 90.0, 100.0]],
            [[10.0, 10.0, 30.0, 60.0], [0.0, 0.0, 0.0, 0.0]],
        ]
    )
    owner, target = assign.assign(cells, score, boxes, people)
    for one, true in enumerate((people[0], people[1, :1])):
        mine, asked = alone(assign, cells, score[one], boxes[one], true)
        assert torch.equal(owner[one], mine)
        assert torch.allclose(target[one], asked)
