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
    readonly property bool narrow: beside && width < 600 * Theme.unit
    readonly property bool low: beside && !narrow && height < 270 * Theme.unit
    readonly property real wordsHeight: words.height + Theme.touch + 2 * Theme.gapSmall
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
        height: card.beside ? Math.min(card.height, (card.narrow ? 2 : 1.25) * card.pictureSide) : card.pictureSide
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
            anchors.right: card.low ? buttons.left : parent.right
            anchors.top: parent.top

            Label {
                objectName: "garmentName"
                width: parent.width
                text: card.name
                font.pixelSize: card.beside && !card.narrow ? Theme.subtitle : Theme.small
                font.weight: Font.Medium
                horizontalAlignment: Text.AlignLeft
                wrapMode: Text.WordWrap
                maximumLineCount: card.narrow ? 2 : 1
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
                font.pixelSize: card.beside && !card.narrow ? Theme.body : Theme.smallest
                horizontalAlignment: Text.AlignLeft
                elide: Text.ElideRight
            }

            Label {
                objectName: "garmentPrice"
                width: parent.width
                visible: text !== ""
                text: card.price
                color: Theme.accent
                font.pixelSize: card.beside && !card.narrow ? Theme.subtitle : Theme.small
                horizontalAlignment: Text.AlignLeft
            }
        }

        Flow {
            id: buttons

            width: card.low ? 320 * Theme.unit * Theme.textScale : parent.width
            anchors.right: parent.right
            y: card.low ? (parent.height - height) / 2 : parent.height - height
            spacing: card.low ? Theme.gapTiny : Theme.gapSmall

            TouchButton {
                objectName: "otherSizes"
                visible: card.beside && !card.narrow
                width: card.low ? parent.width : implicitWidth
                text: qsTr("Sizes and colours")
                onClicked: card.opened()
                Accessible.name: qsTr("%1: sizes and colours").arg(card.name)
            }

            TouchButton {
                objectName: "notMine"
                width: card.beside && !card.narrow && !card.low ? implicitWidth : parent.width
                text: qsTr("Not mine")
                Accessible.name: qsTr("%1: not mine").arg(card.name)
                onClicked: card.refused()
            }
        }
    }
}
