import QtQuick
import Promenade

// The way back, and what the page is.
Item {
    id: head

    required property string title
    signal back()

    implicitHeight: Theme.touch + 8 * Theme.unit

    RoundButton {
        id: button

        objectName: "back"
        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        symbol: "back"
        flipped: Qt.application.layoutDirection === Qt.RightToLeft
        Accessible.name: qsTr("Back")
        onClicked: head.back()
    }

    Label {
        objectName: "pageTitle"
        anchors.left: button.right
        anchors.leftMargin: Theme.gap
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        text: head.title
        font.pixelSize: Theme.title
        font.weight: Font.Medium
        horizontalAlignment: Text.AlignLeft
        elide: Text.ElideRight
    }
}
