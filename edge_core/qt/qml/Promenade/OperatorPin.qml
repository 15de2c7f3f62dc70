import QtQuick

// A keypad for the operator's PIN. Shoppers who find it can only put it away.
Rectangle {
    id: panel

    required property QtObject release

    objectName: "operatorPin"
    color: Theme.ground
    Accessible.role: Accessible.Dialog
    Accessible.name: heading.text

    MouseArea { anchors.fill: parent }

    Column {
        anchors.centerIn: parent
        spacing: Theme.gap

        Label {
            id: heading

            anchors.horizontalCenter: parent.horizontalCenter
            text: qsTr("Operator's PIN")
            font.pixelSize: Theme.headline
            font.weight: Font.Medium
        }

        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            height: 40 * Theme.unit
            spacing: 16 * Theme.unit
            Accessible.ignored: true

            Repeater {
                model: Math.max(6, panel.release.digits)

                Rectangle {
                    required property int index

                    width: 22 * Theme.unit
                    height: width
                    radius: width / 2
                    color: index < panel.release.digits ? Theme.ink : "transparent"
                    border.width: Theme.line
                    border.color: Theme.inkSoft
                }
            }
        }

        Grid {
            anchors.horizontalCenter: parent.horizontalCenter
            columns: 3
            spacing: 18 * Theme.unit

            Repeater {
                model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "⌫"]

                TouchButton {
                    required property string modelData

                    objectName: "pinKey" + modelData
                    implicitWidth: 150 * Theme.unit
                    implicitHeight: 110 * Theme.unit
                    opacity: modelData === "" ? 0 : 1
                    enabled: modelData !== ""
                    text: modelData
                    Accessible.name: modelData === "⌫" ? qsTr("Delete") : modelData
                    onClicked: modelData === "⌫" ? panel.release.erase()
                                                 : panel.release.press(modelData)
                }
            }
        }

        Label {
            anchors.horizontalCenter: parent.horizontalCenter
            objectName: "pinTold"
            height: 44 * Theme.unit
            color: Theme.inkSoft
            text: {
                switch (panel.release.told) {
                case "refused": return qsTr("That did not end this screen. Wait a little, or set a PIN.");
                case "away": return qsTr("The service does not answer.");
                case "waiting": return qsTr("One moment …");
                }
                return "";
            }
        }

        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: Theme.gap

            TouchButton {
                objectName: "pinCancel"
                text: qsTr("Back to the screen")
                onClicked: panel.release.cancel()
            }

            TouchButton {
                objectName: "pinEnter"
                strong: true
                enabled: panel.release.enough
                opacity: enabled ? 1 : 0.4
                text: qsTr("End this screen")
                onClicked: panel.release.enter()
            }
        }
    }
}
