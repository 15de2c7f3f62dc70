import QtQuick
import QtQuick.Templates as T

// A button large enough for any finger.
T.AbstractButton {
    id: button

    property bool strong: false
    property bool chosen: false

    implicitWidth: Math.max(2 * Theme.touch, words.implicitWidth + 2 * Theme.gap)
    implicitHeight: Theme.touch
    leftPadding: Theme.gap
    rightPadding: Theme.gap
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.onPressAction: clicked()

    background: Rectangle {
        radius: height / 2
        color: button.strong ? Theme.accent : button.chosen ? Theme.ink : Theme.raised
        opacity: button.pressed ? 0.75 : 1
        border.width: button.strong || button.chosen ? 0 : Theme.line
        border.color: Theme.hairline
    }

    contentItem: Label {
        id: words

        text: button.text
        color: button.strong ? Theme.accentInk : button.chosen ? Theme.ground : Theme.ink
        font.pixelSize: Theme.body
        font.weight: Font.Medium
        elide: Text.ElideRight
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        Accessible.ignored: true
    }
}
