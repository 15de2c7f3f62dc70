import QtQuick
import Promenade

// One entry of today's programme.
Item {
    id: line

    property string state_: ""
    property string start: ""
    property string end: ""
    property string title: ""
    property string place: ""
    readonly property bool now: state_ === "now"

    implicitHeight: 112 * Theme.unit
    Accessible.role: Accessible.ListItem
    Accessible.name: [title, hours.text, place, mark.text].filter(t => t !== "").join(", ")

    Rectangle {
        id: bar

        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        width: 6 * Theme.unit
        height: 72 * Theme.unit
        radius: width / 2
        color: line.now ? Theme.accent : Theme.hairline
    }

    Column {
        anchors.left: bar.right
        anchors.leftMargin: 26 * Theme.unit
        anchors.right: mark.left
        anchors.rightMargin: Theme.gapSmall
        anchors.verticalCenter: parent.verticalCenter
        spacing: 2 * Theme.unit

        Label {
            width: parent.width
            text: line.title
            font.pixelSize: Theme.subtitle
            font.weight: Font.Medium
            elide: Text.ElideRight
            Accessible.ignored: true
        }

        Label {
            id: hours

            width: parent.width
            text: line.place === "" ? line.start + "–" + line.end
                                    : line.start + "–" + line.end + "  ·  " + line.place
            color: Theme.inkSoft
            font.pixelSize: Theme.small
            elide: Text.ElideRight
            Accessible.ignored: true
        }
    }

    Label {
        id: mark

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        text: line.now ? qsTr("On now") : line.state_ === "next" ? qsTr("Next") : ""
        color: line.now ? Theme.accent : Theme.inkSoft
        font.pixelSize: Theme.small
        font.weight: line.now ? Font.Medium : Font.Normal
        Accessible.ignored: true
    }
}
