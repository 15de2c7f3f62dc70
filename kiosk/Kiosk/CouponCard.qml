import QtQuick
import Promenade
import Promenade.Native

// The coupon of this session, as a slip with a torn edge.
Rectangle {
    id: slip

    property string title: ""
    property string store: ""
    property string until: ""

    objectName: "coupon"
    implicitHeight: Math.max(132 * Theme.unit, words.implicitHeight + Theme.gap)
    radius: Theme.radius
    color: Theme.accent
    Accessible.role: Accessible.StaticText
    Accessible.name: [title, store, below.text].join(", ")

    Item {
        id: stub

        width: 132 * Theme.unit
        height: parent.height
        anchors.left: parent.left

        IconItem {
            anchors.centerIn: parent
            width: 60 * Theme.unit
            height: width
            name: "offer"
            colour: Theme.accentInk
        }
    }

    Column {
        anchors.horizontalCenter: stub.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 10 * Theme.unit

        Repeater {
            model: Math.max(0, Math.floor((slip.height - 20 * Theme.unit) / (20 * Theme.unit)))

            Rectangle {
                width: 4 * Theme.unit
                height: 10 * Theme.unit
                radius: width / 2
                color: Theme.accentInk
                opacity: 0.45
            }
        }
    }

    Column {
        id: words

        anchors.left: stub.right
        anchors.leftMargin: Theme.gap
        anchors.right: parent.right
        anchors.rightMargin: Theme.gap
        anchors.verticalCenter: parent.verticalCenter
        spacing: 2 * Theme.unit

        Label {
            width: parent.width
            horizontalAlignment: Text.AlignLeft
            text: slip.title
            color: Theme.accentInk
            font.pixelSize: Theme.subtitle
            font.weight: Font.Medium
            wrapMode: Text.WordWrap
            Accessible.ignored: true
        }

        Label {
            id: below

            width: parent.width
            horizontalAlignment: Text.AlignLeft
            text: slip.until === "" ? slip.store
                  : qsTr("%1, today until %2, once").arg(slip.store).arg(slip.until)
            color: Theme.accentInk
            font.pixelSize: Theme.small
            wrapMode: Text.WordWrap
            Accessible.ignored: true
        }
    }
}
