import QtQuick
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// One store or place of the list.
T.AbstractButton {
    id: line

    property string picture: ""
    property string sign: ""
    property string kind: ""
    property string floor: ""
    property int minutes: 0
    property string state_: ""
    property string until: ""
    property string found: ""
    readonly property string hours: {
        switch (state_) {
        case "open": return qsTr("Open until %1").arg(until);
        case "closing": return qsTr("Closing soon, at %1").arg(until);
        case "closed": return qsTr("Closed, opens at %1").arg(until);
        case "always": return qsTr("Open day and night");
        case "shut": return qsTr("Closed for now: %1").arg(until);
        }
        return "";
    }
    readonly property string where: [found === kind ? "" : found, kind, floor,
        minutes > 0 ? qsTr("%1 min").arg(minutes) : ""].filter(t => t !== "").join("  ·  ")

    implicitHeight: 148 * Theme.unit
    Accessible.role: Accessible.Button
    Accessible.name: [text, where, hours].filter(t => t !== "").join(", ")
    Accessible.onPressAction: clicked()

    background: Rectangle {
        radius: Theme.radius
        color: line.pressed ? Theme.hairline : Theme.raised
        border.width: Theme.highContrast ? Theme.line : 0
        border.color: Theme.hairline
    }

    contentItem: Item {
        id: inside

        readonly property real textX: 212 * Theme.unit

        StorePicture {
            x: line.mirrored ? inside.width - width - 14 * Theme.unit : 14 * Theme.unit
            anchors.verticalCenter: parent.verticalCenter
            width: 180 * Theme.unit
            height: inside.height - 28 * Theme.unit
            visible: line.sign === ""
            radius: 18 * Theme.unit
            ground: Theme.hairline
            name: line.picture
        }

        Rectangle {
            x: line.mirrored ? inside.width - width - 14 * Theme.unit : 14 * Theme.unit
            anchors.verticalCenter: parent.verticalCenter
            width: 180 * Theme.unit
            height: inside.height - 28 * Theme.unit
            visible: line.sign !== ""
            radius: 18 * Theme.unit
            color: Theme.planRoom

            IconItem {
                anchors.centerIn: parent
                width: 64 * Theme.unit
                height: width
                name: line.sign
                colour: Theme.accent
            }
        }

        Column {
            x: line.mirrored ? Theme.gap : inside.textX
            anchors.verticalCenter: parent.verticalCenter
            width: inside.width - inside.textX - Theme.gap
            spacing: 1 * Theme.unit

            Label {
                width: parent.width
                horizontalAlignment: Text.AlignLeft
                text: line.text
                font.pixelSize: Theme.subtitle
                font.weight: Font.Medium
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.small
                elide: Text.ElideRight
                Accessible.ignored: true
            }

            Label {
                width: parent.width
                horizontalAlignment: Text.AlignLeft
                visible: text !== ""
                text: line.where
                color: Theme.inkSoft
                font.pixelSize: Theme.small
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.smallest
                elide: Text.ElideRight
                Accessible.ignored: true
            }

            Label {
                width: parent.width
                horizontalAlignment: Text.AlignLeft
                visible: text !== ""
                text: line.hours
                color: ["open", "always"].includes(line.state_) ? Theme.inkSoft : Theme.accent
                font.pixelSize: Theme.small
                elide: Text.ElideRight
                Accessible.ignored: true
            }
        }
    }
}
