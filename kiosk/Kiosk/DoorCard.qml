import QtQuick
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// One of the large doors of the welcome page.
T.AbstractButton {
    id: door

    required property string sign
    property string below: ""
    readonly property bool flat_: width > 2 * height

    implicitHeight: 250 * Theme.unit
    Accessible.role: Accessible.Button
    Accessible.name: below === "" ? text : text + ", " + below
    Accessible.onPressAction: clicked()

    background: Rectangle {
        radius: Theme.radius
        color: door.pressed ? Theme.hairline : Theme.raised
        border.width: Theme.line
        border.color: Theme.hairline
    }

    contentItem: Item {
        FontMetrics {
            id: line  // titles side by side stand on one line, whether one or two lie below

            font.family: Theme.family
            font.pixelSize: Theme.small
        }

        Rectangle {
            id: disc

            x: door.mirrored ? parent.width - width - place : place
            y: door.flat_ ? (parent.height - height) / 2 : Theme.gap
            width: 88 * Theme.unit
            height: width
            radius: width / 2
            color: Theme.accent

            readonly property real place: Theme.gap

            IconItem {
                anchors.centerIn: parent
                width: 52 * Theme.unit
                height: width
                name: door.sign
                colour: Theme.accentInk
            }
        }

        Column {
            x: door.flat_ && !door.mirrored ? disc.x + disc.width + Theme.gap : Theme.gap
            y: door.flat_ ? (parent.height - height) / 2
                          : parent.height - height - Theme.gap
            width: parent.width - 2 * Theme.gap - (door.flat_ ? disc.width + Theme.gap : 0)
            spacing: 2 * Theme.unit

            Label {
                width: parent.width
                text: door.text
                horizontalAlignment: Text.AlignLeft
                font.pixelSize: Theme.title
                font.weight: Font.Medium
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.body
                Accessible.ignored: true
            }

            Label {
                width: parent.width
                height: door.flat_ ? implicitHeight : Math.max(implicitHeight, 2 * line.height)
                visible: text !== ""
                text: door.below
                horizontalAlignment: Text.AlignLeft
                color: Theme.inkSoft
                font.pixelSize: Theme.small
                wrapMode: door.flat_ ? Text.NoWrap : Text.WordWrap
                maximumLineCount: door.flat_ ? 1 : 2
                elide: Text.ElideRight
                Accessible.ignored: true
            }
        }
    }
}
