import QtQuick
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// A wide button with an icon and one or two words.
T.AbstractButton {
    id: tile

    required property string symbol
    property bool strong: false

    implicitHeight: 96 * Theme.unit
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.onPressAction: clicked()

    background: Rectangle {
        radius: Theme.radius
        color: tile.strong ? Theme.accent : Theme.raised
        opacity: tile.pressed ? 0.75 : 1
        border.width: tile.strong ? 0 : Theme.line
        border.color: Theme.hairline
    }

    contentItem: Item {
        IconItem {
            id: picture

            anchors.left: parent.left
            anchors.leftMargin: (tile.width < 340 * Theme.unit ? 18 : 28) * Theme.unit
            anchors.verticalCenter: parent.verticalCenter
            width: 40 * Theme.unit
            height: width
            name: tile.symbol
            colour: tile.strong ? Theme.accentInk : Theme.accent
        }

        Label {
            anchors.left: picture.right
            anchors.leftMargin: (tile.width < 340 * Theme.unit ? 14 : 20) * Theme.unit
            anchors.right: parent.right
            anchors.rightMargin: 12 * Theme.unit
            anchors.verticalCenter: parent.verticalCenter
            text: tile.text
            color: tile.strong ? Theme.accentInk : Theme.ink
            font.weight: Font.Medium
            horizontalAlignment: Text.AlignLeft
            fontSizeMode: Text.Fit
            minimumPixelSize: Theme.smallest
            wrapMode: Text.WordWrap
            maximumLineCount: 2
            height: tile.height - 16 * Theme.unit
            verticalAlignment: Text.AlignVCenter
            elide: Text.ElideRight
            Accessible.ignored: true
        }
    }
}
