import QtQuick
import QtQuick.Templates as T
import Promenade.Native

// A button large enough for any finger.
T.AbstractButton {
    id: button

    property bool strong: false
    property bool chosen: false
    property string icon_: ""
    property bool wordless: false
    readonly property color inkColour: strong ? Theme.accentInk : chosen ? Theme.ground : Theme.ink

    implicitWidth: wordless ? implicitHeight
        : Math.max(2 * Theme.touch, words.implicitWidth + leftPadding + rightPadding
                   + (icon_ === "" ? 0 : 46 * Theme.unit))
    implicitHeight: Theme.touch
    leftPadding: wordless ? 0 : Theme.gap
    rightPadding: wordless ? 0 : Theme.gap
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

    contentItem: Item {
        IconItem {
            id: sign

            visible: button.icon_ !== ""
            width: (button.wordless ? 40 : 34) * Theme.unit
            height: width
            x: button.wordless ? (parent.width - width) / 2
               : button.mirrored ? row.x + row.width - width : row.x
            anchors.verticalCenter: parent.verticalCenter
            name: button.icon_
            colour: button.inkColour
        }

        Item {
            id: row

            readonly property real taken: sign.visible ? 46 * Theme.unit : 0

            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(parent.width, words.implicitWidth + taken)
            height: parent.height
            visible: !button.wordless

            Label {
                id: words

                x: button.mirrored ? 0 : row.taken
                width: row.width - row.taken
                height: parent.height
                text: button.text
                color: button.inkColour
                font.pixelSize: Theme.body
                font.weight: Font.Medium
                elide: Text.ElideRight
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
                Accessible.ignored: true
            }
        }
    }
}
