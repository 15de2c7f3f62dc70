import QtQuick
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// One of several choices that weigh the same, each with what it means.
T.AbstractButton {
    id: card

    required property string sign
    property string below: ""

    implicitHeight: Math.max(168 * Theme.unit, words.implicitHeight + 2 * Theme.gap)
    opacity: enabled ? 1 : 0.55
    Accessible.role: Accessible.Button
    Accessible.name: text + ", " + below
    Accessible.onPressAction: clicked()

    background: Rectangle {
        radius: Theme.radius
        color: card.pressed ? Theme.hairline : Theme.raised
        border.width: Theme.line
        border.color: Theme.hairline
    }

    contentItem: Item {
        Rectangle {
            id: disc

            x: card.mirrored ? parent.width - width - Theme.gap : Theme.gap
            anchors.verticalCenter: parent.verticalCenter
            width: 88 * Theme.unit
            height: width
            radius: width / 2
            color: Theme.accent

            IconItem {
                anchors.centerIn: parent
                width: 48 * Theme.unit
                height: width
                name: card.sign
                colour: Theme.accentInk
            }
        }

        Column {
            id: words

            x: card.mirrored ? Theme.gap : disc.width + 2 * Theme.gap
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - disc.width - 3 * Theme.gap
            spacing: 4 * Theme.unit

            Label {
                width: parent.width
                horizontalAlignment: Text.AlignLeft
                text: card.text
                font.pixelSize: Theme.subtitle
                font.weight: Font.Medium
                wrapMode: Text.WordWrap
                Accessible.ignored: true
            }

            Label {
                width: parent.width
                horizontalAlignment: Text.AlignLeft
                visible: text !== ""
                text: card.below
                color: Theme.inkSoft
                font.pixelSize: Theme.small
                wrapMode: Text.WordWrap
                Accessible.ignored: true
            }
        }
    }
}
