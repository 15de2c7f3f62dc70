import QtQuick
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// The instructions; touching one shows its floor. Says instead why there are none.
ListView {
    id: list

    required property QtObject plan
    required property QtObject way
    readonly property real wanted: way.state === "found"
        ? count * 84 * Theme.textUnit + Math.max(0, count - 1) * spacing : 160 * Theme.unit

    objectName: "steps"
    clip: true
    spacing: 6 * Theme.unit
    boundsBehavior: Flickable.StopAtBounds
    cacheBuffer: 0
    model: way.steps
    Accessible.role: Accessible.List
    Accessible.name: qsTr("The way in words")

    delegate: T.AbstractButton {
        id: step

        required property int number
        required property string icon_
        required property string words
        required property string floor
        required property int seconds

        objectName: "step-" + number
        width: list.width
        height: 84 * Theme.textUnit
        text: words
        Accessible.role: Accessible.ListItem
        Accessible.name: number + ". " + words
        onClicked: list.plan.choose(floor)

        background: Rectangle {
            radius: 20 * Theme.unit
            color: step.pressed ? Theme.hairline : Theme.raised
            border.width: Theme.highContrast ? Theme.line : 0
            border.color: Theme.hairline
        }

        contentItem: Item {
            IconItem {
                id: sign

                x: step.mirrored ? parent.width - width - 24 * Theme.unit : 24 * Theme.unit
                anchors.verticalCenter: parent.verticalCenter
                width: 44 * Theme.unit
                height: width
                name: step.icon_
                colour: step.icon_ === "walk" ? Theme.inkSoft : Theme.accent
            }

            Label {
                x: step.mirrored ? Theme.gap : 90 * Theme.unit
                width: parent.width - 90 * Theme.unit - Theme.gap
                height: parent.height
                horizontalAlignment: Text.AlignLeft
                verticalAlignment: Text.AlignVCenter
                text: step.words
                font.pixelSize: Theme.body
                fontSizeMode: Text.Fit
                minimumPixelSize: Theme.smallest
                wrapMode: Text.WordWrap
                elide: Text.ElideRight
                Accessible.ignored: true
            }
        }
    }

    Label {
        objectName: "wayState"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.topMargin: Theme.gapSmall
        visible: text !== ""
        horizontalAlignment: Text.AlignLeft
        text: {
            switch (list.way.state) {
            case "asking": return qsTr("Finding the way …");
            case "closed": return qsTr("There is no such way just now. Try another way to go.");
            case "away": return qsTr("The way will be here in a moment. Please try again.");
            }
            return "";
        }
        font.pixelSize: Theme.subtitle
        wrapMode: Text.WordWrap
    }
}
