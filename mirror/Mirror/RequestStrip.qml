import QtQuick
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// How the newest request to the staff stands, in one line; touch it for all of them.
T.AbstractButton {
    id: strip

    required property QtObject staff
    readonly property bool shown: staff.count > 0 || staff.unheard

    objectName: "requestStrip"
    visible: shown
    height: shown ? 84 * Theme.unit : 0
    text: staff.count > 0 ? words.line(staff.newest) : qsTr("The staff cannot be reached from here; please ask at the till")
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.onPressAction: clicked()

    RequestWords { id: words }

    background: Rectangle {
        radius: Theme.radius
        color: Theme.raised
        border.width: Theme.line
        border.color: Theme.accent
        opacity: strip.pressed ? 0.75 : 1
    }

    contentItem: Item {
        IconItem {
            id: bell

            anchors.left: parent.left
            anchors.leftMargin: 26 * Theme.unit
            anchors.verticalCenter: parent.verticalCenter
            width: 36 * Theme.unit
            height: width
            name: strip.staff.newest.standing === "done" ? "check" : "bell"
            colour: Theme.accent
        }

        Label {
            anchors.left: bell.right
            anchors.leftMargin: 20 * Theme.unit
            anchors.right: parent.right
            anchors.rightMargin: 26 * Theme.unit
            anchors.verticalCenter: parent.verticalCenter
            text: strip.text
            font.weight: Font.Medium
            horizontalAlignment: Text.AlignLeft
            elide: Text.ElideRight
            Accessible.ignored: true
        }
    }
}
