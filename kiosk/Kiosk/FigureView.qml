import QtQuick
import Promenade

// One camera's view as a drawing: a figure in a box for each person, and no picture.
Rectangle {
    id: view

    required property var figures
    property string empty: ""

    objectName: "figureView"
    radius: Theme.radius
    color: Theme.planFloor
    border.width: Theme.line
    border.color: Theme.planLine
    clip: true
    Accessible.role: Accessible.Graphic

    Repeater {
        model: 4

        // Corner marks of a finder.
        Item {
            required property int index

            readonly property real inset: 24 * Theme.unit
            readonly property bool atRight: index % 2 === 1
            readonly property bool atFoot: index > 1

            x: atRight ? view.width - inset : inset
            y: atFoot ? view.height - inset : inset

            Rectangle {
                x: parent.atRight ? -width : 0
                y: -height / 2
                width: 44 * Theme.unit
                height: 3 * Theme.unit
                color: Theme.planWall
            }

            Rectangle {
                x: -width / 2
                y: parent.atFoot ? -height : 0
                width: 3 * Theme.unit
                height: 44 * Theme.unit
                color: Theme.planWall
            }
        }
    }

    Label {
        anchors.centerIn: parent
        width: parent.width - 4 * Theme.gap
        visible: people.count === 0
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.WordWrap
        text: view.empty
        color: Theme.inkSoft
    }

    Repeater {
        id: people

        model: view.figures

        Item {
            id: figure

            required property real boxX
            required property real boxY
            required property real boxWidth
            required property real boxHeight
            required property bool here
            readonly property color tint: here ? Theme.accent : Theme.inkSoft
            readonly property real head: Math.min(0.17 * height, 0.46 * width)

            objectName: here ? "figureHere" : "figure"
            x: boxX * view.width
            y: boxY * view.height
            width: boxWidth * view.width
            height: boxHeight * view.height

            Rectangle {
                anchors.fill: parent
                color: Qt.alpha(figure.tint, 0.08)
                border.width: Math.max(1, (figure.here ? 4 : 2) * Theme.unit)
                border.color: figure.tint
                radius: 6 * Theme.unit
            }

            Rectangle {
                id: crown

                anchors.horizontalCenter: parent.horizontalCenter
                y: 0.04 * parent.height
                width: figure.head
                height: width
                radius: width / 2
                color: figure.tint
            }

            Rectangle {
                id: torso

                anchors.horizontalCenter: parent.horizontalCenter
                y: crown.y + crown.height + 0.02 * parent.height
                width: Math.min(0.68 * parent.width, 1.9 * figure.head)
                height: 0.38 * parent.height
                radius: 0.32 * width
                color: figure.tint
            }

            Repeater {
                model: 2

                Rectangle {
                    required property int index

                    x: torso.x + (index === 0 ? 0.1 : 0.54) * torso.width
                    y: torso.y + 0.8 * torso.height
                    width: 0.36 * torso.width
                    height: 0.97 * figure.height - y
                    radius: width / 2
                    color: figure.tint
                }
            }
        }
    }
}
