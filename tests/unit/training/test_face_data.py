"""Faces for age and gender: reading and holding out."""

import cv2
import numpy as np
import pytest

from edge_core.errors import SourceError
from edge_core.training.face.data import read_faces


def write(folder, *names):
    folder.mkdir(parents=True)
    for name in names:
        assert cv2.imwrite(str(folder / name), np.full((96, 96, 3), 90, np.uint8))


def test_names_tell_age_gender_and_the_data_sets_code(tmp_path):
    write(tmp_path / "train", "00010_a048_g1_r0.jpg", "00011_a003_g0_r4.jpg")
    faces = read_faces(tmp_path / "train")
    assert faces.number.tolist() == [10, 11]
    assert faces.age_years.tolist() == [48, 3]
    assert faces.female.tolist() == [1, 0]
    assert faces.group.tolist() == [0, 4]
    assert faces.bgr.shape == (2, 96, 96, 3)


def test_one_face_in_ten_chooses_instead_of_teaching(tmp_path):
    write(tmp_path / "train", *(f"{number:05}_a030_g1_r0.jpg" for number in range(20)))
    faces = read_faces(tmp_path / "train")
    assert faces.only(faces.held_out()).number.tolist() == [0, 10]


def test_adults_are_eighteen_to_seventy_five(tmp_path):
    write(tmp_path / "train", *(f"00001_a{age:03}_g1_r0.jpg" for age in (17, 18, 75, 76)))
    assert read_faces(tmp_path / "train").adults().tolist() == [False, True, True, False]


def test_an_empty_folder_or_another_name_is_the_datas_fault(tmp_path):
    with pytest.raises(SourceError, match="no faces"):
        read_faces(tmp_path)
    write(tmp_path / "other", "someone.jpg")
    with pytest.raises(SourceError, match="cannot be used"):
        read_faces(tmp_path / "other")
