import QtQuick
import Promenade

// One question nobody has to answer, then nothing is left of the session.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property var reasons: [
        { key: "fit", text: qsTr("The fit") }, { key: "price", text: qsTr("The price") },
        { key: "colour", text: qsTr("The colour") }, { key: "other", text: qsTr("Something else") }
    ]

    objectName: "leavingPage"

    CornerClock { screenModel: page.screenModel }

    Panel {
        uprightShare: 0.5
        lyingShare: 0.48

        Column {
            anchors.bottom: parent.bottom
            width: parent.width
            spacing: Theme.gap

            Rectangle {
                anchors.left: parent.left
                width: 72 * Theme.unit
                height: 6 * Theme.unit
                radius: height / 2
                color: Theme.accent
            }

            Label {
                objectName: "leavingTitle"
                width: parent.width
                text: page.model.thanked ? qsTr("Thank you, that helps us.") : qsTr("Thank you for your visit")
                font.pixelSize: Theme.headline
                font.weight: Font.Medium
                horizontalAlignment: Text.AlignLeft
                wrapMode: Text.WordWrap
            }

            Label {
                width: parent.width
                text: page.model.thanked ? qsTr("What was shown here has been wiped.")
                      : qsTr("Not taking something? If you like, tell us why with one tap. What was shown here has been wiped.")
                color: Theme.inkSoft
                horizontalAlignment: Text.AlignLeft
                wrapMode: Text.WordWrap
            }

            Grid {
                id: grid

                width: parent.width
                columns: 2
                spacing: Theme.gapSmall
                visible: !page.model.thanked

                Repeater {
                    model: page.reasons

                    TouchButton {
                        required property var modelData

                        objectName: "reason-" + modelData.key
                        width: (grid.width - grid.spacing) / 2
                        implicitHeight: 104 * Theme.unit
                        text: modelData.text
                        onClicked: page.model.tell(modelData.key)
                    }
                }
            }

            TouchButton {
                objectName: "skip"
                anchors.left: parent.left
                visible: !page.model.thanked
                text: qsTr("Rather not say")
                onClicked: page.model.skip()
            }
        }
    }
}
