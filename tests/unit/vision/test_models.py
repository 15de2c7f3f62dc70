import shutil

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge_core.errors import ModelError
from edge_core.runtime.inference import InferenceSession
from edge_core.vision import load_detector, load_embedder, load_face_attributes
from edge_core.vision.embed import STRANGERS, Embedder
from edge_core.vision.face import MINOR_MOST
from edge_core.vision.manifest_signature import OWN_KEY, sign_manifest
from edge_core.vision.models import MODELS_FOLDER, find_model, list_models, verify_model


@pytest.fixture
def folder(tmp_path):
    """A copy of the manifest and of one model, to spoil."""
    for name in ("manifest.toml", "manifest.sig", "person-s-int8.onnx"):
        shutil.copy(MODELS_FOLDER / name, tmp_path / name)
    return tmp_path


def test_every_shipped_model_is_whole_and_has_a_card():
    for spec in list_models():
        verify_model(spec)
        assert (MODELS_FOLDER / spec.card).read_text().startswith("# ")


def test_models_of_restricted_data_say_so():
    terms = {spec.name: spec.data_terms for spec in list_models()}
    assert terms == {
        "person-s": "any-use",
        "person-s-int8": "any-use",
        "person-m": "any-use",
        "person-m-int8": "any-use",
        "reid-s": "research-only",
        "reid-s-int8": "research-only",
        "reid-s-open": "any-use",
        "reid-s-open-int8": "any-use",
        "face-s": "non-commercial",
        "face-s-int8": "non-commercial",
        "face-find-s": "any-use",
        "body-s": "any-use",
        "body-s-int8": "any-use",
        "action-s": "any-use",
        "action-s-int8": "any-use",
    }


def test_an_altered_file_is_refused(folder):
    with (folder / "person-s-int8.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=r"was altered.*Reinstall"):
        find_model("person-s-int8", "detector", folder)


def test_a_missing_file_is_named(folder):
    (folder / "person-s-int8.onnx").unlink()
    with pytest.raises(ModelError, match=r"person-s-int8\.onnx cannot be read.*Reinstall"):
        find_model("person-s-int8", "detector", folder)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ModelError, match="person-s, person-s-int8"):
        load_detector("person-xxl")


def test_a_detector_is_no_embedder():
    with pytest.raises(ModelError, match="No embedder is named 'person-s'"):
        load_embedder("person-s")


def test_a_spoilt_manifest_is_refused(folder, monkeypatch):
    (folder / "manifest.toml").write_text("[[model]]\nname = 'x'\n")
    monkeypatch.setenv(OWN_KEY, sign_manifest(folder, Ed25519PrivateKey.generate()))
    with pytest.raises(ModelError, match=r"manifest.*is wrong"):
        list_models(folder)


def test_the_provider_that_ran_is_told():
    assert load_detector(provider="cpu").provider == "CPUExecutionProvider"


def test_a_provider_that_is_not_there_is_refused_with_a_remedy():
    with pytest.raises(ModelError, match='provider = "cpu"'):
        load_detector(provider="cuda")


def test_a_file_that_is_no_model_is_refused(tmp_path):
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"this is no protobuf")
    with pytest.raises(ModelError, match=r"broken\.onnx cannot run"):
        InferenceSession(path, {"x": np.zeros(1, np.float32)})


def test_an_embedding_is_a_unit_row_of_four_equal_blocks():
    random = np.random.default_rng(3)
    crops = [random.integers(0, 255, size, dtype=np.uint8) for size in ((90, 40, 3), (256, 128, 3))]
    embedder = load_embedder(provider="cpu")
    rows = embedder.embed(crops)
    assert rows.shape == (2, embedder.dimensions)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(rows.reshape(2, 4, -1), axis=2), 0.5, atol=0.01)


def test_no_crops_give_no_rows():
    embedder = load_embedder(provider="cpu")
    assert embedder.embed([]).shape == (0, embedder.dimensions)


@pytest.mark.parametrize("strangers", [STRANGERS, 0.2])
def test_two_strangers_are_as_alike_whatever_the_network(strangers):
    shipped, _ = find_model("reid-s", "embedder")
    said = np.array([[1, 0], [strangers, np.sqrt(1 - strangers**2)], [1, 0]], np.float32)

    class Network:
        def run(self, _):
            return [np.tile(said, 4)]

    spec = shipped.model_copy(update={"strangers": strangers})
    rows = Embedder(spec, Network(), 8).embed([np.zeros((20, 10, 3), np.uint8)] * 3)
    np.testing.assert_allclose(rows[0] @ rows.T, [1, STRANGERS, 1], atol=1e-5)


def test_face_attributes_lie_in_their_ranges():
    random = np.random.default_rng(3)
    chips = [random.integers(0, 255, (80, 70, 3), dtype=np.uint8) for _ in range(3)]
    model = load_face_attributes(provider="cpu")
    found = model.predict(chips)
    assert len(found) == 3
    assert ((found.age_years >= 0) & (found.age_years <= 100)).all()
    assert ((found.p_female >= 0) & (found.p_female <= 1)).all()
    assert ((found.p_minor >= 0) & (found.p_minor <= 1)).all()
    assert not found.gender_usable[found.p_minor >= MINOR_MOST].any()
    assert len(model.predict([])) == 0


def test_a_face_and_its_mirror_image_are_told_alike():
    chip = np.random.default_rng(3).integers(0, 255, (96, 96, 3), dtype=np.uint8)
    model = load_face_attributes("face-s", provider="cpu")
    one, other = model.predict([chip]), model.predict([np.ascontiguousarray(chip[:, ::-1])])
    assert one.age_years == pytest.approx(other.age_years, abs=0.01)
    assert one.p_female == pytest.approx(other.p_female, abs=1e-3)
