import QtQuick
import QtQuick.Layouts
import Promenade
import Promenade.Native

// What was deleted of whoever asked to be forgotten.
Card {
    id: card

    required property QtObject sees

    objectName: "receipt"
    implicitHeight: receipt.implicitHeight + 2 * padding
    padding: 2 * Theme.gap

    ColumnLayout {
        id: receipt

        width: parent.width
        spacing: 24 * Theme.unit

        RowLayout {
            spacing: 24 * Theme.unit

            Rectangle {
                Layout.preferredWidth: 88 * Theme.unit
                Layout.preferredHeight: Layout.preferredWidth
                radius: width / 2
                color: Theme.good

                IconItem {
                    anchors.centerIn: parent
                    width: 52 * Theme.unit
                    height: width
                    name: "check"
                    colour: Theme.ground
                }
            }

            Label {
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignLeft
                text: card.sees.people > 0 ? qsTr("You have been forgotten.")
                                           : qsTr("There was nothing to forget.")
                font.pixelSize: Theme.title
                font.weight: Font.Medium
                wrapMode: Text.WordWrap
            }
        }

        Label {
            objectName: "receiptNumber"
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignLeft
            text: card.sees.receipt === ""
                  ? qsTr("At %1").arg(card.sees.forgottenAt)
                  : qsTr("Receipt %1, at %2").arg(card.sees.receipt).arg(card.sees.forgottenAt)
            color: Theme.inkSoft
        }

        Rectangle {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.line
            color: Theme.hairline
        }

        Repeater {
            model: [
                qsTr("Tracks deleted: %1").arg(card.sees.tracks),
                qsTr("Descriptions of appearance deleted: %1").arg(card.sees.appearances),
                qsTr("Open visits deleted: %1").arg(card.sees.visits),
                qsTr("Estimates, choices and this session: deleted")
            ]

            FactLine {
                required property string modelData

                objectName: "deleted"
                Layout.fillWidth: true
                sign: "check"
                tint: Theme.good
                text: modelData
            }
        }

        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignLeft
            text: qsTr("Totals in which nobody can be found stay. While you are in view, the camera sees you as somebody new.")
            color: Theme.inkSoft
            font.pixelSize: Theme.small
            wrapMode: Text.WordWrap
        }
    }
}
