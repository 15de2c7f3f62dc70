import pytest


@pytest.fixture
def losses(torch):
    from edge_core.training.detector import losses

    return losses


def maps_of(torch, logit):
    maps = [torch.zeros(1, 5, 128 // s, 128 // s) for s in (8, 16, 32)]
    for one in maps:
        one[:, 2:4] = 1.0
        one[:, 4] = logit
    return tuple(one.requires_grad_() for one in maps)


def test_a_perfect_box_costs_nothing_and_a_worse_one_more(losses, torch):
    box = torch.tensor([[10.0, 10.0, 30.0, 60.0]])
    costs = [float(losses.complete_iou_loss(box + shift, box)) for shift in (0, 2, 8, 200)]
    assert costs[0] == pytest.approx(0, abs=1e-5)
    assert costs == sorted(costs)
    assert costs[-1] > 1


def test_boxes_apart_are_still_pulled_together(losses, torch):
    guess = torch.tensor([[10.0, 10.0, 30.0, 60.0]], requires_grad=True)
    losses.complete_iou_loss(guess, torch.tensor([[90.0, 10.0, 110.0, 60.0]])).sum().backward()
    # Growing x moves the guess towards the person: the loss must fall that way.
    assert guess.grad[0, [0, 2]].sum() < 0


def test_the_score_is_pulled_to_its_soft_target(losses, torch):
    logit = torch.tensor([-3.0, 0.0, 3.0], requires_grad=True)
    losses.soft_target_loss(logit, torch.full((3,), 0.5), torch.ones(3)).backward()
    assert logit.grad[0] < 0 < logit.grad[2]
    assert logit.grad[1] == pytest.approx(0)


def test_empty_pictures_teach_every_cell_to_be_quiet(losses, torch):
    maps = maps_of(torch, logit=0.0)
    score, box = losses.detection_loss(maps, torch.zeros(1, 1, 4), torch.zeros(1, 1, 4))
    (score + box).backward()
    assert float(box.detach()) == 0
    assert all((one.grad[:, 4] > 0).all() for one in maps)


def test_ignored_regions_teach_nothing(losses, torch):
    maps = maps_of(torch, logit=0.0)
    everywhere = torch.tensor([[-1.0, -1.0, 129.0, 129.0]])
    score, _ = losses.detection_loss(maps, torch.zeros(1, 1, 4), everywhere[None])
    score.backward()
    assert all(not one.grad[:, 4].any() for one in maps)


def test_a_person_raises_scores_around_it_and_moves_boxes(losses, torch):
    maps = maps_of(torch, logit=-4.0)
    person = torch.tensor([[40.0, 30.0, 80.0, 110.0]])
    score, box = losses.detection_loss(maps, person[None], torch.zeros(1, 1, 4))
    (score + box).backward()
    assert any((one.grad[:, 4] < 0).any() for one in maps)
    assert any(one.grad[:, :4].any() for one in maps)


def test_a_few_steps_on_one_picture_lower_the_loss(losses, torch):
    from edge_core.training.detector.network import PERSON_S, PersonDetector

    torch.manual_seed(0)
    network = PersonDetector(PERSON_S)
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3)
    picture, person = torch.rand(2, 3, 64, 64), torch.tensor([[10.0, 8.0, 34.0, 60.0]])
    costs = []
    for _ in range(12):
        pair = losses.detection_loss(network(picture), person.expand(2, 1, 4), torch.zeros(2, 1, 4))
        optimiser.zero_grad()
        sum(pair).backward()
        optimiser.step()
        costs.append(float(sum(pair).detach()))
    assert costs[-1] < 0.6 * costs[0]
