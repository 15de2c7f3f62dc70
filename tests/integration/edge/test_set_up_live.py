"""What an operator saves while the service runs: a camera's calibration, an antenna's place."""

import httpx
import pytest
from service import Service, until

from edge_core.config import load_site
from edge_core.service.client import EdgeClient
from edge_core.service.demo import free_port
from edge_core.simulator.rfid import ReaderThread, rail_world
from edge_core.simulator.siteout import site_with_sources

pytestmark = pytest.mark.timeout(600)
PASSWORD = "eleven coats on a rail"
GARMENTS = 6
SITE = """
[site]
id = "shop"
name = "Shop"
[[floors]]
id = "ground"
name = "Ground floor"
outline_m = [[0, 0], [5, 0], [5, 5], [0, 5]]
[[zones]]
id = "coats"
name = "Coats"
floor = "ground"
polygon_m = [[0, 0], [5, 0], [5, 2], [0, 2]]
[[zones]]
id = "shirts"
name = "Shirts"
floor = "ground"
polygon_m = [[0, 2], [5, 2], [5, 5], [0, 5]]
[[cameras]]
id = "door"
source = "usb:99"
[service]
port = {api}
[[readers]]
id = "rail"
host = "127.0.0.1"
port = {reader}
[[readers.antennas]]
number = 1
zone = "coats"
"""
EVERYWHERE = "".join(f"[[readers.antennas]]\nnumber = {n}\nzone = 'coats'\n" for n in (2, 3, 4))


class Operator:
    """Somebody at the set-up page of a service, without the browser."""

    def __init__(self, edge: Service) -> None:
        self._http = httpx.Client(base_url=edge.url, trust_env=False, headers={"Origin": edge.url})
        self._http.post("/welcome", data={"password": PASSWORD, "again": PASSWORD})

    def current(self) -> dict:
        return self._http.get("/setup/current").raise_for_status().json()

    def save(self, **changed: object) -> None:
        now = self.current()
        draft = {"zones": now["zones"], "lines": now["lines"], **changed}
        answer = self._http.post("/setup/save", json={"base": now["base"], "draft": draft})
        assert answer.status_code == 200, answer.text
        assert answer.json()["problems"] == []

    def runs_by_the_file(self) -> bool:
        """False as well while the service is between two lives."""
        try:
            answer = self._http.get("/setup/running")
        except httpx.TransportError:
            return False
        return answer.status_code == 200 and answer.json()["running"]

    def close(self) -> None:
        self._http.close()


def only_the_door(path) -> None:
    site = load_site(path)
    door = {"cameras": site.cameras[:1], "readers": (), "screens": (), "lines": ()}
    path.write_text(site_with_sources(site.model_copy(update=door), {}), encoding="utf-8")


def places(edge: Service) -> list[tuple[float, float]]:
    with EdgeClient(edge.url) as client:
        return [it.position_m for it in client.live().people if it.position_m is not None]


def test_a_calibration_saved_moves_everybody_on_the_plan_and_no_camera_is_opened_anew(service):
    edge = service()
    only_the_door(edge.site)
    edge.start().watching(200)
    until(lambda: places(edge), 90, "somebody on the plan")
    operator, before = Operator(edge), load_site(edge.site).cameras[0]
    vision, capture = edge.worker("vision").pid, edge.worker(f"capture:{before.id}").pid
    xs = [x for floor in load_site(edge.site).floors for x, _ in floor.outline_m]
    off_m = 2 * (max(xs) - min(xs))

    pairs = [
        {"px": list(it.px), "m": [it.m[0] + off_m, it.m[1]]}
        for it in before.calibration  # somebody took the plan's other end for this one
    ]
    picture_px = list(before.calibration_px)
    calibration = {"floor": before.floor, "picture_px": picture_px, "pairs": pairs}
    operator.save(calibrations={before.id: calibration})
    until(operator.runs_by_the_file, 200, f"the new set-up runs\n{edge.log.read_text()[-3000:]}")

    after = load_site(edge.site).cameras[0]
    assert [it.m[0] - off_m for it in after.calibration] == pytest.approx(
        [it.m[0] for it in before.calibration]
    )
    edge.watching(200)
    until(lambda: places(edge), 90, "somebody on the plan again")
    assert min(x for x, _ in places(edge)) > max(xs) - 1, "everybody stands where the pairs say"
    assert edge.worker("vision").pid != vision
    assert edge.worker(f"capture:{before.id}").pid == capture
    operator.close()


def test_an_antenna_saved_is_read_at_its_new_place(tmp_path):
    with ReaderThread(rail_world(GARMENTS, seed=1), seed=1) as reader:
        edge = Service(tmp_path / "site.toml", free_port())
        api = int(edge.url.rsplit(":", 1)[1])
        edge.site.write_text(SITE.format(api=api, reader=reader.port) + EVERYWHERE)
        try:
            edge.start()
            until(lambda: zones_of(edge) == {"coats"}, 150, "garments are read among the coats")
            operator, rfid = Operator(edge), edge.worker("rfid").pid
            every = {str(number): {"zone": "shirts"} for number in (1, 2, 3, 4)}
            operator.save(antennas={"rail": every})
            until(operator.runs_by_the_file, 150, "the new set-up runs")
            until(lambda: zones_of(edge) == {"shirts"}, 90, "they are read among the shirts")
            said = load_site(edge.site).readers[0].antennas
            assert {it.number: it.zone for it in said} == dict.fromkeys((1, 2, 3, 4), "shirts")
            assert edge.worker("rfid").pid != rfid
            operator.close()
        finally:
            edge.stop()


def zones_of(edge: Service) -> set[str | None]:
    """What the antennas look at by which anything is read now."""
    if edge.health() is None:
        return set()
    with EdgeClient(edge.url) as client:
        return {tag.zone for tag in client.tags().tags}
