import numpy as np
import shapely

from edge_core.simulator.itinerary import Itineraries
from edge_core.simulator.scene import Scene
from edge_core.simulator.walkways import Walkways


def test_everything_a_visitor_reads_has_a_chinese_name(scene: Scene):
    site = scene.site
    for item in (site.site, *site.floors, *site.zones, *site.lines):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in item.name_zh), item.id
    assert all(entry.title_zh and entry.place_zh for entry in site.programme)


def test_both_kinds_of_screen_stand_in_each_site(scene: Scene):
    assert {screen.kind for screen in scene.site.screens} == {"kiosk", "mirror"}
    reaches = [shapely.Polygon(z.polygon_m) for z in scene.site.zones if z.kind == "reach"]
    for screen in scene.site.screens:
        point = shapely.Point(screen.position_m)
        assert min(reach.distance(point) for reach in reaches) < 0.3


def test_fixtures_and_zones_lie_on_the_floor(scene: Scene):
    floor = scene.site.floors[0]
    outline = shapely.Polygon(floor.outline_m)
    assert outline.is_valid
    for item in (*floor.fixtures, *scene.site.zones):
        polygon = shapely.Polygon(item.polygon_m)
        assert polygon.is_valid
        assert polygon.difference(outline.buffer(0.3)).area < 0.01


def test_the_middle_of_every_counting_line_can_be_walked_over_and_is_seen(scene: Scene):
    walkways = Walkways(scene.site.floors[0])
    cameras = {pose.id: pose.camera() for pose in scene.config.cameras}
    for line in scene.site.lines:
        middle = (np.array(line.start_m) + np.array(line.end_m)) / 2
        assert walkways.clearance_m(middle[None])[0] > 1.0
        pixels, _ = cameras[line.camera].project(np.array([[*middle, 0.0]]))
        assert (pixels[0] > 0).all()
        assert (pixels[0] < cameras[line.camera].size_px).all()


def test_every_attraction_has_spots_that_can_be_reached_from_every_entrance(scene: Scene):
    walkways = Walkways(scene.site.floors[0])
    itineraries = Itineraries(scene, walkways, np.random.default_rng(0))
    for attraction in scene.config.attractions:
        stop = itineraries.stop_at(attraction)
        assert stop is not None, attraction.zone
        for door in scene.config.entrances:
            start = itineraries.point_in(door)
            assert walkways.inside(start[None])[0]
            assert walkways.path(start, stop.point_m) is not None, attraction.zone


def test_no_camera_sees_into_the_fitting_rooms(shop: Scene, shop_cameras):
    room = shapely.Polygon(shop.zone_polygon("fitting-rooms"))
    x, y = np.meshgrid(np.arange(0.3, 5, 0.15), np.arange(0.3, 4.3, 0.15))
    inside = shapely.contains_xy(room.buffer(-0.1), x, y)
    for height_m in (0.1, 1.0, 1.7):
        points = np.column_stack([x[inside], y[inside], np.full(inside.sum(), height_m)])
        for renderer in shop_cameras.renderers.values():
            assert not renderer.shows(points).any()
