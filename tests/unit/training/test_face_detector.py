"""The face detector's network, lesson and judgement."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed (extra [train])")

from edge_core.training.detector.pictures import NO_BOXES
from edge_core.training.face_detection.augment import FaceHardness
from edge_core.training.face_detection.data import FacePicture
from edge_core.training.face_detection.evaluate import score_faces
from edge_core.vision.face_detect import Faces

SPREAD = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]], np.float32)


def faces(boxes, scores=None):
    xyxy = np.array(boxes, np.float32).reshape(-1, 4)
    points = xyxy[:, None, :2] + SPREAD * (xyxy[:, None, 2:] - xyxy[:, None, :2])
    sure = np.ones(len(xyxy)) if scores is None else scores
    return Faces(xyxy, np.array(sure, np.float32), points)


def drawn(*boxes, size=(240, 320)):
    """A grey picture whose faces are light squares with their landmarks in five colours."""
    image = np.full((*size, 3), 90, np.uint8)
    some = faces(boxes)
    for (x1, y1, x2, y2), points in zip(some.xyxy_px.astype(int), some.landmarks_px, strict=True):
        image[y1:y2, x1:x2] = 200
        for index, (x, y) in enumerate(points.round().astype(int)):
            image[y - 2 : y + 3, x - 2 : x + 3] = (0, 0, 40 * index + 40)
    return FacePicture(image, some, NO_BOXES)


def batches_of(torch, pictures, size_px, hardness, count=8):
    from edge_core.training.face_detection.trainer import FaceBatches
    from edge_core.training.loop import Plan

    plan = Plan(steps=1000, steps_a_pass=20, batch=count, sizes_px=(size_px,))
    return FaceBatches(pictures, plan, hardness, torch.device("cpu"))


def test_landmarks_go_with_the_pixels_they_mark(torch, monkeypatch):
    from edge_core.training.face_detection import trainer

    monkeypatch.setattr(trainer, "colour_changed", lambda x, _: x)
    picture = drawn((120, 60, 180, 130))
    hardness = FaceHardness(mosaic=0, spoil=0, tilt_rad=0.3, enlarge=2.0, side_px=40)
    mirrored = seen = 0
    for step in range(4):
        batch = batches_of(torch, [picture], 256, hardness)(step)
        images = (batch.inputs * 255).round().permute(0, 2, 3, 1).int().tolist()
        for image, points, boxes in zip(images, batch.points, batch.people, strict=True):
            if not boxes[0].any():
                continue
            mirrored += bool(points[0, 1, 0] < points[0, 0, 0])
            for index, (x, y) in enumerate(points[0].floor().int().tolist()):
                # A mirrored face's left eye lies where the right one did, and looks like it.
                names = {40 * index + 40, 40 * (1, 0, 2, 4, 3)[index] + 40}
                if 0 <= x < 256 and 0 <= y < 256:
                    b, _, r = image[y][x]
                    assert b < 90
                    assert min(abs(r - name) for name in names) < 30
                    seen += 1
    assert mirrored == 0, "the right eye lies left in the picture, mirrored or not"
    assert seen > 50


def test_inputs_have_their_size_and_faces_inside(torch):
    pictures = [drawn((120, 60, 180, 130)), drawn(), drawn((10, 10, 40, 50), (200, 90, 290, 200))]
    make, heights = batches_of(torch, pictures, 160, FaceHardness()), []
    for step in range(6):
        made = make(step)
        assert made.inputs.shape == (8, 3, 160, 160)
        boxes = made.people[made.people.any(-1)]
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2
        assert ((middle > -10) & (middle < 170)).all()
        heights += (boxes[:, 3] - boxes[:, 1]).tolist()
    assert min(heights) < 20
    assert max(heights) > 60


def test_the_same_step_makes_the_same_inputs(torch):
    picture = drawn((120, 60, 180, 130))
    one, other = (batches_of(torch, [picture], 128, FaceHardness())(5) for _ in range(2))
    assert torch.equal(one.inputs, other.inputs)
    assert torch.equal(one.points, other.points)


def test_findings_equal_to_the_truth_score_fully():
    pictures = [drawn((120, 60, 180, 130)), drawn((10, 10, 30, 30), (200, 90, 290, 200)), drawn()]
    scores = score_faces([one.faces for one in pictures], pictures)
    assert (scores.faces, scores.ap50, scores.recall, scores.precision) == (3, 1, 1, 1)
    assert scores.landmark_error == 0
    assert scores.false_per_100 == 0
    assert [row[2] for row in scores.by_height] == [0, 1, 0, 0, 1, 1]


def test_misses_and_false_faces_are_told_apart():
    pictures = [drawn((120, 60, 180, 130), (10, 10, 30, 30)), drawn()]
    found = [faces([(120, 60, 180, 130)], [0.9]), faces([(5, 5, 60, 60), (0, 0, 9, 9)], [0.8, 0.3])]
    scores = score_faces(found, pictures)
    assert scores.recall == 0.5
    assert scores.precision == 0.5
    assert scores.false_per_100 == 100
    assert scores.by_height[1][3] == 0
    assert scores.by_height[4][3] == 1


def test_the_network_is_as_small_as_promised_and_exports(torch, tmp_path):
    pytest.importorskip("onnx", reason="onnx is not installed (extra [train])")
    from edge_core.runtime.inference import InferenceSession
    from edge_core.training.detector.network import parameters
    from edge_core.training.export import export_onnx
    from edge_core.training.face_detection.network import FaceFinder

    torch.manual_seed(0)
    network = FaceFinder().eval()
    assert parameters(network) <= 150_000
    export_onnx(network, tmp_path / "net.onnx")
    for shape in ((1, 3, 64, 96), (2, 3, 160, 160)):
        x = np.random.default_rng(1).random(shape, np.float32)
        with torch.no_grad():
            maps = [one.numpy() for one in network(torch.from_numpy(x))]
        assert maps[0].shape == (shape[0], 15, shape[2] // 8, shape[3] // 8)
        theirs = InferenceSession(tmp_path / "net.onnx", {"x": x}, provider="cpu").run({"x": x})
        for ours, other in zip(maps, theirs, strict=True):
            assert ours == pytest.approx(other, abs=1e-4)


def test_training_and_product_decode_landmarks_alike(torch):
    from edge_core.training.detector.assign import Cells, flatten
    from edge_core.training.face_detection.losses import landmarks_px
    from edge_core.vision.face_detect import decode_faces

    rng = np.random.default_rng(2)
    maps = [rng.normal(0, 0.5, (15, 64 // s, 96 // s)).astype(np.float32) for s in (8, 16, 32)]
    found = decode_faces(maps, 1e-6)
    raw = flatten(tuple(torch.from_numpy(one)[None] for one in maps))[0]
    points = landmarks_px(Cells.of(64, 96, raw.device), raw).numpy()
    np.testing.assert_allclose(found.landmarks_px, points, atol=1e-3)


def test_the_landmark_loss_does_not_depend_on_the_faces_size(torch):
    from edge_core.training.face_detection.losses import landmark_loss

    true = torch.from_numpy(faces([(0, 0, 40, 40)]).landmarks_px)
    box = torch.tensor([[0.0, 0.0, 40.0, 40.0]])
    near = landmark_loss(true + 2, true, box)
    assert float(landmark_loss(true, true, box)) == 0
    assert float(landmark_loss(true * 3 + 6, true * 3, box * 3)) == pytest.approx(float(near))


def test_some_steps_teach_it_to_find_the_squares(torch):
    from edge_core.training.face_detection.network import FaceFinder
    from edge_core.training.face_detection.trainer import FaceBatches, FaceObjective
    from edge_core.training.loop import Plan, Trainer

    torch.manual_seed(0)
    plan = Plan(steps=40, steps_a_pass=20, batch=8, rate=3e-3, sizes_px=(96,))
    pictures = [drawn((120, 60, 180, 130)), drawn((200, 90, 290, 200)), drawn()]
    batches = FaceBatches(pictures, plan, FaceHardness(mosaic=0.0, spoil=0.0), torch.device("cpu"))
    trainer = Trainer(FaceFinder(), batches, plan, FaceObjective())
    losses = []
    trainer.run(lambda _, loss: losses.append(loss), lambda _: None)
    assert losses[1] < 0.9 * losses[0]


def test_resuming_without_a_checkpoint_tells_the_remedy(torch, tmp_path):
    pytest.importorskip("onnx", reason="onnx is not installed (extra [train])")
    from edge_core.errors import ModelError
    from edge_core.training.face_detection.recipe import _trainer, default_plan

    with pytest.raises(ModelError, match="no checkpoint"):
        _trainer([drawn((120, 60, 180, 130))], default_plan(1), tmp_path, None, True)
