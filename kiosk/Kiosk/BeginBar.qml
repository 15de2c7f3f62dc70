import QtQuick
import Promenade
import Promenade.Native

// The invitation. The whole page takes the touch; this says so.
Rectangle {
    id: bar

    property bool pressed: false

    opacity: pressed ? 0.75 : 1
    implicitHeight: 132 * Theme.unit
    radius: height / 2
    color: Theme.accent

    Row {
        anchors.centerIn: parent
        spacing: 14 * Theme.unit

        IconItem {
            anchors.verticalCenter: parent.verticalCenter
            width: 60 * Theme.unit
            height: width
            name: "touch"
            colour: Theme.accentInk
        }

        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Touch to begin")
            color: Theme.accentInk
            font.pixelSize: Theme.title
            font.weight: Font.Medium
            Accessible.ignored: true
        }
    }
}
