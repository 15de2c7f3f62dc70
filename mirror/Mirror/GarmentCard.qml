import QtQuick
import Promenade
import Promenade.Native

// One garment: its picture, and beside or below it name, colour, size and price.
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
    readonly property bool narrow: beside && width < 700 * Theme.unit
    readonly property bool low: beside && !narrow && height < 310 * Theme.unit
    signal refused()

    objectName: "garmentCard"
    Accessible.role: Accessible.ListItem
    Accessible.name: [name, colour, size, price].filter(part => part !== "").join(", ")

    GarmentItem {
        id: drawing

        objectName: "garmentPicture"
        anchors.left: parent.left
        anchors.top: parent.top
        width: card.beside ? card.pictureSide : card.width
        height: card.beside ? Math.min(card.height, 1.3 * card.pictureSide) : card.pictureSide
        radius: Theme.radius
        name: card.picture
        tint: card.tint
    }

    Item {
        anchors.left: card.beside ? drawing.right : parent.left
        anchors.leftMargin: card.beside ? Theme.gap : 0
        anchors.right: parent.right
        anchors.top: card.beside ? parent.top : drawing.bottom
        anchors.topMargin: card.beside ? 0 : Theme.gapSmall
        anchors.bottom: parent.bottom

        Column {
            id: words

            anchors.left: parent.left
            anchors.right: card.low ? refuse.left : parent.right
            anchors.rightMargin: card.low ? Theme.gapSmall : 0
            anchors.top: parent.top
            anchors.topMargin: card.beside && !card.narrow ? Theme.gapTiny : 0
            spacing: card.narrow ? 0 : Theme.gapTiny

            Label {
                objectName: "garmentName"
                width: parent.width
                text: card.name
                font.pixelSize: card.narrow ? Theme.body : card.beside ? Theme.title : Theme.subtitle
                font.weight: Font.Medium
                wrapMode: Text.WordWrap
                maximumLineCount: card.narrow ? 1 : 2
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
                font.pixelSize: card.narrow ? Theme.small : Theme.body
                elide: Text.ElideRight
            }

            Label {
                objectName: "garmentPrice"
                width: parent.width
                visible: text !== ""
                text: card.price
                color: Theme.accent
                font.pixelSize: card.narrow ? Theme.subtitle
                                : card.beside && !card.low ? Theme.headline : Theme.title
            }
        }

        TouchButton {
            id: refuse

            objectName: "notMine"
            anchors.left: card.low ? undefined : parent.left
            anchors.right: card.low ? parent.right : undefined
            anchors.bottom: card.low ? undefined : parent.bottom
            anchors.verticalCenter: card.low ? parent.verticalCenter : undefined
            text: qsTr("Not mine")
            Accessible.name: qsTr("%1: not mine").arg(card.name)
            onClicked: card.refused()
        }
    }
}
