import QtQuick
import QtQuick.Layouts
import Promenade
import Promenade.Native

// A sign and what it stands for.
RowLayout {
    id: line

    required property string sign
    required property string text
    property color tint: Theme.accent

    spacing: 20 * Theme.unit

    IconItem {
        Layout.preferredWidth: 40 * Theme.unit
        Layout.preferredHeight: Layout.preferredWidth
        Layout.alignment: Qt.AlignTop
        name: line.sign
        colour: line.tint
    }

    Label {
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignLeft
        text: line.text
        font.pixelSize: Theme.small
        wrapMode: Text.WordWrap
    }
}
