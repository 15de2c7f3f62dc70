import QtQuick
import Promenade.Native

// The plan of one floor with the people on it now: a glow where there are many, a light each.
Item {
    id: map

    required property QtObject plan
    required property QtObject crowd
    property bool stale: false
    property bool showsMarks: false
    property alias under: drawn
    property real padding: 6 * Theme.unit

    // Copies: every step of every dot reads them, and the item's own are read through Python.
    readonly property real xFromX: drawn.xFromX
    readonly property real xFromY: drawn.xFromY
    readonly property real yFromX: drawn.yFromX
    readonly property real yFromY: drawn.yFromY
    readonly property real shiftX: drawn.shiftX
    readonly property real shiftY: drawn.shiftY

    function placeX(xM, yM) {
        return xFromX * xM + xFromY * yM + shiftX;
    }
    function placeY(xM, yM) {
        return yFromX * xM + yFromY * yM + shiftY;
    }

    objectName: "floorMap"
    Accessible.role: Accessible.Graphic
    Accessible.name: plan.floorName === "" ? qsTr("Floor plan")
                                           : qsTr("Floor plan, %1").arg(plan.floorName)
    Accessible.description: plan.spokenNames

    PlanItem {
        id: drawn

        anchors.fill: parent
        plan: map.plan
        crowd: map.crowd
        margin: map.padding
        fillColor: Theme.ground
        nameSize: Theme.smallest
        glow: map.stale ? 0.4 : 1
        colours: ({
            floor: Theme.planFloor, room: Theme.planRoom, line: Theme.planLine,
            wall: Theme.planWall, fixture: Theme.planFixture, void: Theme.ground,
            name: Theme.ink, quietName: Theme.inkSoft, halo: Qt.alpha(Theme.ground, 0.6),
            glow: Theme.accent
        })

        Behavior on glow { NumberAnimation { duration: Theme.calm } }
    }

    Repeater {
        model: map.showsMarks ? map.plan.marks : null

        Rectangle {
            required property string icon
            required property string name
            required property bool closed
            required property real xM
            required property real yM

            x: map.placeX(xM, yM) - width / 2
            y: map.placeY(xM, yM) - height / 2
            width: 34 * Theme.unit
            height: width
            radius: 9 * Theme.unit
            color: Qt.alpha(Theme.ground, 0.82)
            border.width: Theme.line
            border.color: closed ? Theme.accent : Theme.planWall
            Accessible.role: Accessible.Graphic
            Accessible.name: closed ? qsTr("%1, closed").arg(name) : name

            IconItem {
                anchors.fill: parent
                anchors.margins: 5 * Theme.unit
                name: parent.icon
                colour: parent.closed ? Theme.accent : Theme.ink
                opacity: parent.closed ? 0.5 : 1
            }

            Rectangle {
                anchors.centerIn: parent
                visible: parent.closed
                width: parent.width
                height: 3 * Theme.unit
                rotation: -45
                color: Theme.accent
            }
        }
    }

    Item {
        anchors.fill: parent
        opacity: map.stale ? 0.4 : 1

        Repeater {
            model: map.crowd.dots

            Rectangle {
                required property real xM
                required property real yM
                required property real presence

                objectName: "dot"
                x: map.placeX(xM, yM) - width / 2
                y: map.placeY(xM, yM) - height / 2
                width: 15 * Theme.unit
                height: width
                radius: width / 2
                opacity: presence
                color: Theme.person
                border.width: 3 * Theme.unit
                border.color: Theme.accent
            }
        }
    }

    YouAreHere {
        z: 1
        visible: map.plan.hereShown
        x: map.placeX(map.plan.hereXM, map.plan.hereYM)
        y: map.placeY(map.plan.hereXM, map.plan.hereYM)
        facing: map.plan.hereFacing + drawn.turnedDegrees
        area: map
    }
}
