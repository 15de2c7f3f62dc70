import QtQuick
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// A product as a picture with its name and price below; touch it for more.
T.AbstractButton {
    id: tile

    required property string name
    required property string price
    required property string picture
    required property string tint
    property string note: ""
    property string badge: ""
    property bool noteGood: true
    // Keeps the note's line free, so that pictures side by side are of one height.
    property bool noteRoom: false

    Accessible.role: Accessible.Button
    Accessible.name: [badge, name, price, note].filter(part => part !== "").join(", ")
    Accessible.onPressAction: clicked()

    contentItem: Item {
        opacity: tile.pressed ? 0.75 : 1

        GarmentItem {
            id: drawing

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: parent.top
            height: parent.height - words.height - Theme.gapTiny
            radius: 20 * Theme.unit
            name: tile.picture
            tint: tile.tint
        }

        Rectangle {
            visible: tile.badge !== ""
            anchors.left: parent.left
            anchors.top: parent.top
            anchors.margins: 12 * Theme.unit
            width: Math.min(mark.implicitWidth + 28 * Theme.unit, parent.width - 24 * Theme.unit)
            height: mark.implicitHeight + 8 * Theme.unit
            radius: height / 2
            color: Theme.ink

            Label {
                id: mark

                anchors.centerIn: parent
                width: Math.min(implicitWidth, parent.width - 16 * Theme.unit)
                text: tile.badge
                color: Theme.ground
                font.pixelSize: Theme.smallest
                font.weight: Font.Medium
                elide: Text.ElideRight
                Accessible.ignored: true
            }
        }

        Column {
            id: words

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: parent.bottom

            Label {
                width: parent.width
                text: tile.name
                font.pixelSize: Theme.small
                horizontalAlignment: Text.AlignLeft
                elide: Text.ElideRight
                Accessible.ignored: true
            }

            Label {
                width: parent.width
                text: tile.price
                color: Theme.accent
                font.pixelSize: Theme.small
                horizontalAlignment: Text.AlignLeft
                elide: Text.ElideRight
                Accessible.ignored: true
            }

            Label {
                width: parent.width
                visible: tile.noteRoom || text !== ""
                text: tile.note
                color: tile.noteGood ? Theme.good : Theme.inkSoft
                font.pixelSize: Theme.smallest
                horizontalAlignment: Text.AlignLeft
                elide: Text.ElideRight
                Accessible.ignored: true
            }
        }
    }
}
