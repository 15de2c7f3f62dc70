import QtQuick
import Promenade
import Promenade.Native

// A line that matters, in a quiet frame.
Rectangle {
    id: notice

    property string text: ""
    property string sign: "information"

    implicitHeight: Math.max(84 * Theme.unit, words.implicitHeight + Theme.gap)
    radius: 20 * Theme.unit
    color: Qt.alpha(Theme.accent, 0.14)
    border.width: Theme.line
    border.color: Theme.accent
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    IconItem {
        id: icon

        anchors.left: parent.left
        anchors.leftMargin: 24 * Theme.unit
        anchors.verticalCenter: parent.verticalCenter
        width: 40 * Theme.unit
        height: width
        name: notice.sign
        colour: Theme.accent
    }

    Label {
        id: words

        anchors.left: icon.right
        anchors.leftMargin: 18 * Theme.unit
        anchors.right: parent.right
        anchors.rightMargin: 24 * Theme.unit
        anchors.verticalCenter: parent.verticalCenter
        horizontalAlignment: Text.AlignLeft
        text: notice.text
        font.pixelSize: Theme.small
        wrapMode: Text.WordWrap
        Accessible.ignored: true
    }
}
