import QtQuick
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// One garment: its picture, and beside or below it name, colour, size and price. Touch it for
// other sizes and colours.
Item {
    id: card

    required property string name
    required property string size
    required property string colour
    required property string price
    required property string picture
    required property string tint
    property bool beside: true
    property real pictureSide: 300 * Theme.unit
    readonly property bool low: beside && width > 760 * Theme.unit && height < 310 * Theme.unit
    signal refused()
    signal opened()

    objectName: "garmentCard"
    Accessible.role: Accessible.ListItem
    Accessible.name: [name, colour, size, price].filter(part => part !== "").join(", ")

    T.AbstractButton {
        id: picture

        objectName: "openItem"
        anchors.left: parent.left
        anchors.top: parent.top
        width: card.beside ? card.pictureSide : card.width
        height: card.beside ? Math.min(card.height, 1.25 * card.pictureSide) : card.pictureSide
        Accessible.role: Accessible.Button
        Accessible.name: qsTr("%1: sizes, colours, details").arg(card.name)
        Accessible.onPressAction: clicked()
        onClicked: card.opened()

        contentItem: GarmentItem {
            objectName: "garmentPicture"
            radius: Theme.radius
            name: card.picture
            tint: card.tint
            opacity: picture.pressed ? 0.75 : 1
        }
    }

    Item {
        anchors.left: card.beside ? picture.right : parent.left
        anchors.leftMargin: card.beside ? Theme.gap : 0
        anchors.right: parent.right
        anchors.top: card.beside ? parent.top : picture.bottom
        anchors.topMargin: card.beside ? 0 : Theme.gapSmall
        anchors.bottom: parent.bottom

        Column {
            id: words

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: parent.top

            Label {
                objectName: "garmentName"
                width: parent.width
                text: card.name
                font.pixelSize: card.beside ? Theme.subtitle : Theme.small
                font.weight: Font.Medium
                horizontalAlignment: Text.AlignLeft
                elide: Text.ElideRight
            }

            Label {
                width: parent.width
                visible: text !== ""
                text: card.colour !== "" && card.size !== ""
                      ? qsTr("%1, size %2").arg(card.colour).arg(card.size)
                      : card.colour !== "" ? card.colour
                      : card.size !== "" ? qsTr("Size %1").arg(card.size) : ""
                color: Theme.inkSoft
                font.pixelSize: card.beside ? Theme.body : Theme.smallest
                horizontalAlignment: Text.AlignLeft
                elide: Text.ElideRight
            }

            Label {
                objectName: "garmentPrice"
                width: parent.width
                visible: text !== ""
                text: card.price
                color: Theme.accent
                font.pixelSize: card.beside ? Theme.subtitle : Theme.small
                horizontalAlignment: Text.AlignLeft
            }
        }

        Flow {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            spacing: Theme.gapSmall

            TouchButton {
                objectName: "otherSizes"
                visible: card.beside
                text: qsTr("Sizes and colours")
                onClicked: card.opened()
                Accessible.name: qsTr("%1: sizes and colours").arg(card.name)
            }

            TouchButton {
                objectName: "notMine"
                width: card.beside ? implicitWidth : parent.width
                text: qsTr("Not mine")
                Accessible.name: qsTr("%1: not mine").arg(card.name)
                onClicked: card.refused()
            }
        }
    }
}
