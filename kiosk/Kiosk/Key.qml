import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// One key; `share` tells how many keys wide it is. Ten keys fill a board.
T.AbstractButton {
    id: key

    required property real tall
    property real share: 1
    property string icon_: ""
    property real board: 0

    Layout.preferredWidth: share * (board + Theme.gapTiny) / 10 - Theme.gapTiny
    Layout.preferredHeight: tall
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.onPressAction: clicked()

    background: Rectangle {
        radius: 16 * Theme.unit
        color: key.pressed ? Theme.accent : Theme.raised
        border.width: Theme.line
        border.color: Theme.hairline
    }

    contentItem: Item {
        Label {
            anchors.centerIn: parent
            visible: key.icon_ === ""
            text: key.text
            color: key.pressed ? Theme.accentInk : Theme.ink
            font.pixelSize: Theme.subtitle
            font.weight: Font.Medium
            Accessible.ignored: true
        }

        Loader {
            anchors.centerIn: parent
            active: key.icon_ !== ""
            sourceComponent: IconItem {
                implicitWidth: 44 * Theme.unit
                implicitHeight: implicitWidth
                name: key.icon_
                colour: key.pressed ? Theme.accentInk : Theme.ink
            }
        }
    }
}
