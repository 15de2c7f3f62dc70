import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.simulator.camera import PinholeCamera, calibration_pairs, in_picture
from edge_core.simulator.scene import Scene

cameras = st.builds(
    PinholeCamera,
    st.just("cam"),
    st.tuples(st.floats(0, 50), st.floats(0, 50), st.floats(2, 6)),
    st.floats(0, 360),
    st.floats(5, 60),
    st.floats(40, 100),
    st.sampled_from([(640, 360), (1280, 720)]),
)


def test_a_camera_looking_up_the_plan_has_the_plans_right_on_its_right():
    camera = PinholeCamera("cam", (5, 10, 3), 0, 20, 70, (640, 360))
    pixels, depth = camera.project(np.array([[6.0, 5.0, 0.0], [4.0, 5.0, 0.0]]))
    assert depth.min() > 0
    assert pixels[0, 0] > 320 > pixels[1, 0]


def test_yaw_turns_clockwise_on_the_plan():
    camera = PinholeCamera("cam", (5, 10, 3), 90, 0, 70, (640, 360))
    _, depth = camera.project(np.array([[9.0, 10.0, 3.0]]))
    assert depth[0] == pytest.approx(4.0)


def test_what_is_higher_in_the_world_is_higher_in_the_picture():
    camera = PinholeCamera("cam", (5, 10, 3), 200, 25, 70, (640, 360))
    ahead = np.array([5.0, 10.0]) + 4 * np.array(
        [np.sin(np.radians(200)), -np.cos(np.radians(200))]
    )
    pixels, _ = camera.project(np.array([[*ahead, 0.0], [*ahead, 1.7]]))
    assert pixels[1, 1] < pixels[0, 1]


@given(cameras, st.floats(-0.45, 0.45), st.floats(0.5, 12))
def test_homography_and_projection_agree_on_the_floor(camera, aside, ahead_m):
    yaw = np.radians(camera.yaw_deg)
    forward, right = np.array([np.sin(yaw), -np.cos(yaw)]), np.array([np.cos(yaw), np.sin(yaw)])
    floor = np.array(camera.position_m[:2]) + ahead_m * forward + aside * ahead_m * right
    pixels, depth = camera.project(np.array([[*floor, 0.0]]))
    if depth[0] < 0.2:
        return
    mapped = camera.floor_homography() @ np.array([*floor, 1.0])
    np.testing.assert_allclose(mapped[:2] / mapped[2], pixels[0], atol=1e-5)
    np.testing.assert_allclose(camera.floor_points(pixels)[0], floor, atol=1e-5)


@given(cameras)
def test_rays_lead_back_to_their_pixels(camera):
    rays = camera.rays(8, 5)
    points = np.array(camera.position_m) + 3.0 * rays.reshape(-1, 3)
    pixels, depth = camera.project(points)
    np.testing.assert_allclose(depth, 3.0, atol=1e-9)
    x = np.tile((np.arange(8) + 0.5) * camera.size_px[0] / 8, 5)
    np.testing.assert_allclose(pixels[:, 0], x, atol=1e-6)


def test_the_site_files_calibration_is_that_of_the_true_cameras(scene: Scene):
    poses = {pose.id: pose.camera() for pose in scene.config.cameras}
    for config in scene.site.cameras:
        camera = poses[config.id]
        assert config.calibration_px == camera.size_px
        floor = np.array([[*pair.m, 0.0] for pair in config.calibration])
        pixels = np.array([pair.px for pair in config.calibration])
        projected, _ = camera.project(floor)
        assert len(pixels) >= 8
        assert np.abs(projected - pixels).max() < 0.5
        assert in_picture(camera, pixels).all()


def test_calibration_points_are_spread_over_the_view(scene: Scene):
    for pose in scene.config.cameras:
        pairs = calibration_pairs(pose.camera(), scene.outline_m)
        pixels = np.array([pair.px for pair in pairs])
        assert np.ptp(pixels[:, 0]) > 0.5 * pose.size_px[0]
        assert np.ptp(pixels[:, 1]) > 0.25 * pose.size_px[1]


def test_a_camera_that_sees_no_floor_cannot_be_calibrated():
    camera = PinholeCamera("cam", (5, 5, 3), 0, 0, 40, (640, 360))
    with pytest.raises(ValueError, match="too little"):
        calibration_pairs(camera, ((0, 4), (10, 4), (10, 10), (0, 10)))
