import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from service import Service

from edge_core.config import LineConfig, load_site
from edge_core.service.demo import free_port, mall_folder
from edge_core.simulator import write_recording
from edge_core.simulator.siteout import site_with_sources


@pytest.fixture(scope="session")
def recording(tmp_path_factory):
    """Fifteen seconds of the simulated shop, filmed once for all tests."""
    folder = tmp_path_factory.mktemp("recording")
    write_recording(mall_folder("shop"), folder, 15, fps=8, seed=3)
    return folder


def across(camera):
    """Lines down the picture, so many that somebody crosses one every few seconds."""
    width, height = camera.calibration_px
    for index in range(1, 8):
        x_px = width * index / 8
        yield LineConfig(
            id=f"{camera.id}-{index}",
            name=f"{camera.id} {index}",
            camera=camera.id,
            start_px=(x_px, 0),
            end_px=(x_px, height),
            picture_px=(width, height),
        )


@pytest.fixture
def site_file(recording, tmp_path):
    """Writes a site whose cameras loop over the recording in real time."""

    def write(port, **changes):
        site = load_site(recording / "site.toml")
        cameras = tuple(
            camera.model_copy(
                update={
                    "source": str((recording / camera.source).resolve()),
                    "loop": True,
                    "pace": "real-time",
                    "fps": 8,
                    **changes.get(camera.id, {}),
                }
            )
            for camera in site.cameras
        )
        service = site.service.model_copy(update={"port": port})
        lines = tuple(line for camera in cameras for line in across(camera))
        update = {"cameras": cameras, "service": service, "lines": lines}
        site = site.model_copy(update=update)
        path = tmp_path / "site.toml"
        path.write_text(site_with_sources(site, {}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def service(site_file):
    """Makes services and stops what is left of them."""
    made = []

    def make(environment=None, **changes):
        port = free_port()
        made.append(Service(site_file(port, **changes), port, **(environment or {})))
        return made[-1]

    yield make
    for one in made:
        one.stop()
