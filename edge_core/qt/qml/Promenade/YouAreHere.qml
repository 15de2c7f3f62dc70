import QtQuick

// Marks this screen on the plan; its flag turns away from the edge of the map.
Item {
    id: here

    required property Item area
    readonly property bool below: y < flag.height + 40 * Theme.unit

    objectName: "youAreHere"

    Rectangle {
        anchors.centerIn: parent
        width: 30 * Theme.unit
        height: width
        radius: width / 2
        color: Theme.ink
        border.width: 7 * Theme.unit
        border.color: Theme.ground

        Rectangle {
            anchors.centerIn: parent
            width: parent.width + 8 * Theme.unit
            height: width
            radius: width / 2
            color: "transparent"
            border.width: 3 * Theme.unit
            border.color: Theme.ink
        }
    }

    Rectangle {
        id: flag

        readonly property real wantedX: -width / 2

        x: Math.max(-here.x, Math.min(wantedX, here.area.width - here.x - width))
        y: here.below ? 28 * Theme.unit : -height - 28 * Theme.unit
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
