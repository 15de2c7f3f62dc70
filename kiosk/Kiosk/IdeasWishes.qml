import QtQuick
import QtQuick.Layouts
import Promenade

// Beside the ideas: the coupon, what the visitor looks for instead, and taking it all along.
ColumnLayout {
    id: wishes

    required property QtObject ideas
    readonly property real wanted: above.implicitHeight + spacing + buttons.implicitHeight

    signal taken()

    spacing: Theme.gapSmall

    Flickable {
        Layout.fillWidth: true
        Layout.fillHeight: true
        contentHeight: above.implicitHeight
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        ColumnLayout {
            id: above

            width: parent.width
            spacing: 12 * Theme.unit

            CouponCard {
                Layout.fillWidth: true
                visible: title !== ""
                title: wishes.ideas.couponTitle
                store: wishes.ideas.couponStoreName
                until: wishes.ideas.couponUntil
            }

            Label {
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignLeft
                text: qsTr("I am looking for …")
                color: Theme.inkSoft
                font.pixelSize: Theme.small
            }

            Flow {
                Layout.fillWidth: true
                spacing: Theme.gapTiny

                Repeater {
                    model: wishes.ideas.interests

                    TouchButton {
                        required property var model

                        objectName: "look-" + model.interest_id
                        implicitHeight: 64 * Theme.unit
                        leftPadding: 22 * Theme.unit
                        rightPadding: 22 * Theme.unit
                        text: model.label
                        chosen: wishes.ideas.lookingFor === model.interest_id
                        Accessible.role: Accessible.CheckBox
                        Accessible.checkable: true
                        Accessible.checked: chosen
                        onClicked: wishes.ideas.lookFor(model.interest_id)
                    }
                }
            }
        }
    }

    RowLayout {
        id: buttons

        Layout.fillWidth: true
        Layout.fillHeight: false
        spacing: Theme.gapTiny

        TouchButton {
            objectName: "chooseAgain"
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            implicitHeight: 104 * Theme.unit
            leftPadding: Theme.gapSmall
            rightPadding: Theme.gapSmall
            text: qsTr("Choose again")
            onClicked: wishes.ideas.again()
        }

        TouchButton {
            objectName: "takeIdeas"
            Layout.fillWidth: true
            Layout.preferredWidth: 1.4
            implicitHeight: 104 * Theme.unit
            leftPadding: Theme.gapSmall
            rightPadding: Theme.gapSmall
            strong: true
            enabled: wishes.ideas.state === "shown"
            icon_: "qr"
            text: qsTr("Take it with you")
            onClicked: wishes.taken()
        }
    }
}
