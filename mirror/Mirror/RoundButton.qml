import QtQuick
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// A round button with an icon alone; give it an accessible name.
T.AbstractButton {
    id: button

    required property string symbol
    property bool flipped: false
    property bool chosen: false

    implicitWidth: Theme.touch + 8 * Theme.unit
    implicitHeight: implicitWidth
    Accessible.role: Accessible.Button
    Accessible.onPressAction: clicked()

    background: Rectangle {
        radius: height / 2
        color: button.chosen ? Theme.ink : Theme.raised
        opacity: button.pressed ? 0.75 : 1
        border.width: button.chosen ? 0 : Theme.line
        border.color: Theme.hairline
    }

    contentItem: Item {
        IconItem {
            anchors.centerIn: parent
            width: 38 * Theme.unit
            height: width
            name: button.symbol
            colour: button.chosen ? Theme.ground : Theme.ink
            rotation: button.flipped ? 180 : 0
        }
    }
}
