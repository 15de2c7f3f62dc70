import QtQuick

// Asks before a forgotten session is wiped.
Rectangle {
    id: question

    required property QtObject presence

    objectName: "stillThere"
    visible: opacity > 0
    opacity: presence.asking ? 1 : 0
    color: Qt.alpha(Theme.ground, 0.92)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words.text

    Behavior on opacity { NumberAnimation { duration: Theme.calm } }

    MouseArea { anchors.fill: parent }

    Column {
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.margin
        spacing: Theme.gap

        Label {
            id: words

            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: qsTr("Still there?")
            font.pixelSize: Theme.headline
            font.weight: Font.Medium
        }

        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.WordWrap
            text: qsTr("This screen starts afresh in %1 s.").arg(question.presence.secondsLeft)
            color: Theme.inkSoft
        }

        TouchButton {
            anchors.horizontalCenter: parent.horizontalCenter
            objectName: "stillHere"
            implicitHeight: 104 * Theme.unit
            strong: true
            text: qsTr("I am still here")
            onClicked: question.presence.touched()
        }
    }
}
