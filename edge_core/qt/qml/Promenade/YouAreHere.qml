import QtQuick
import Promenade.Native

// Marks this screen on the plan and the way its reader looks. The flag hangs below, or above
// when the reader looks that way, and never leaves the map.
Item {
    id: here

    required property Item area
    required property real facing
    readonly property bool above: Math.round(facing / 90) % 4 === 2
    readonly property real clearance: 30 * Theme.unit

    objectName: "youAreHere"

    IconItem {
        anchors.centerIn: parent
        width: 120 * Theme.unit
        height: width
        rotation: here.facing
        name: "facing"
        colour: Theme.ink
    }

    Rectangle {
        anchors.centerIn: parent
        width: 34 * Theme.unit
        height: width
        radius: width / 2
        color: Theme.ground
        border.width: 4 * Theme.unit
        border.color: Theme.ink

        Rectangle {
            anchors.centerIn: parent
            width: 14 * Theme.unit
            height: width
            radius: width / 2
            color: Theme.ink
        }
    }

    Rectangle {
        readonly property real wantedX: -width / 2
        readonly property real wantedY: here.above ? -height - here.clearance : here.clearance

        x: Math.max(-here.x, Math.min(wantedX, here.area.width - here.x - width))
        y: Math.max(-here.y, Math.min(wantedY, here.area.height - here.y - height))
        width: words.implicitWidth + 32 * Theme.unit
        height: words.implicitHeight + 10 * Theme.unit
        radius: height / 2
        color: Theme.ink

        Label {
            id: words

            anchors.centerIn: parent
            text: qsTr("You are here")
            color: Theme.ground
            font.pixelSize: Theme.smallest
            font.weight: Font.Medium
        }
    }
}
