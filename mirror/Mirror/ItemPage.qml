import QtQuick
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// One style: its other sizes and colours with what is left here and nearby, what it is made of,
// and what it goes with.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property QtObject style: model.style
    readonly property bool upright: height >= width
    readonly property var careWords: ({
        "hand-wash": qsTr("Hand wash"), "wash-30": qsTr("Wash at 30 °C"),
        "wash-40": qsTr("Wash at 40 °C"), "no-wash": qsTr("Do not wash"),
        "no-bleach": qsTr("Do not bleach"), "no-tumble": qsTr("Do not tumble dry"),
        "tumble-low": qsTr("Tumble dry low"), "dry-flat": qsTr("Dry flat"),
        "iron-low": qsTr("Cool iron"), "iron-medium": qsTr("Warm iron"),
        "no-iron": qsTr("Do not iron"), "dry-clean": qsTr("Dry clean"),
        wipe: qsTr("Wipe with a damp cloth")
    })

    function stockWords(stock) {
        if (stock < 0)
            return qsTr("Ask the staff whether it is here");
        if (stock === 0)
            return qsTr("Not here at the moment");
        return stock === 1 ? qsTr("One left here") : qsTr("%1 here").arg(stock);
    }

    objectName: "itemPage"

    CornerClock { screenModel: page.screenModel }

    Panel {
        id: panel

        uprightShare: 0.74
        lyingShare: 0.68

        PageHead {
            id: head

            anchors.left: body.left
            anchors.right: body.right
            anchors.bottom: body.top
            anchors.bottomMargin: Theme.gapSmall
            title: page.style.name
            onBack: page.model.back()
        }

        Label {
            anchors.centerIn: parent
            width: parent.width
            visible: !page.style.known
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.WordWrap
            text: page.style.failed ? qsTr("This cannot be looked up at the moment") : ""
            color: Theme.inkSoft
        }

        Column {
            id: body

            width: page.upright ? parent.width : parent.width - withSide.width - Theme.gap
            anchors.left: parent.left
            anchors.bottom: parent.bottom
            anchors.bottomMargin: page.upright && withSide.visible ? withSide.height + Theme.gap : 0
            spacing: Theme.gap
            opacity: page.style.known ? 1 : 0

            Behavior on opacity { NumberAnimation { duration: Theme.quick } }

            Item {
                id: first

                width: parent.width
                height: Math.max(choices.implicitHeight, 480 * Theme.unit)

                GarmentItem {
                    id: drawing

                    objectName: "itemPicture"
                    anchors.left: parent.left
                    width: Math.min(0.42 * parent.width, height / 1.16)
                    height: parent.height
                    radius: Theme.radius
                    name: page.style.picture
                    tint: page.style.tint
                }

                Column {
                    id: choices

                    anchors.left: drawing.right
                    anchors.leftMargin: Theme.gap
                    anchors.right: parent.right
                    spacing: Theme.gapSmall

                    Label {
                        anchors.left: parent.left
                        text: page.style.price
                        color: Theme.accent
                        font.pixelSize: Theme.title
                    }

                    Label {
                        anchors.left: parent.left
                        text: page.style.colour
                        color: Theme.inkSoft
                        font.pixelSize: Theme.small
                    }

                    Flow {
                        width: parent.width
                        spacing: Theme.gapSmall

                        Repeater {
                            model: page.style.colours

                            T.AbstractButton {
                                id: swatch

                                required property string colour
                                required property string name
                                required property string tint
                                required property bool chosen

                                objectName: "colour-" + colour
                                implicitWidth: Theme.touch
                                implicitHeight: Theme.touch
                                Accessible.role: Accessible.RadioButton
                                Accessible.name: name
                                Accessible.checkable: true
                                Accessible.checked: chosen
                                Accessible.onPressAction: clicked()
                                onClicked: page.style.chooseColour(colour)

                                background: Rectangle {
                                    radius: width / 2
                                    color: "transparent"
                                    border.width: 3 * Theme.unit
                                    border.color: swatch.chosen ? Theme.accent : Theme.hairline
                                }

                                contentItem: Item {
                                    Rectangle {
                                        anchors.centerIn: parent
                                        width: 52 * Theme.unit
                                        height: width
                                        radius: width / 2
                                        color: swatch.tint === "" ? Theme.raised : swatch.tint
                                        opacity: swatch.pressed ? 0.75 : 1
                                    }
                                }
                            }
                        }
                    }

                    Flow {
                        width: parent.width
                        topPadding: Theme.gapTiny
                        spacing: Theme.gapSmall

                        Repeater {
                            model: page.style.sizes

                            T.AbstractButton {
                                id: sizeButton

                                required property string size
                                required property int stock
                                required property int nearby
                                required property bool chosen

                                objectName: "size-" + size
                                implicitWidth: Math.max(88 * Theme.unit, label.implicitWidth + 36 * Theme.unit)
                                implicitHeight: Theme.touch
                                Accessible.role: Accessible.RadioButton
                                Accessible.name: stock === 0
                                                 ? qsTr("Size %1, not here").arg(size)
                                                 : qsTr("Size %1").arg(size)
                                Accessible.checkable: true
                                Accessible.checked: chosen
                                Accessible.onPressAction: clicked()
                                onClicked: page.style.chooseSize(size)

                                background: Rectangle {
                                    radius: 20 * Theme.unit
                                    color: sizeButton.chosen ? Theme.ink : Theme.raised
                                    border.width: sizeButton.chosen ? 0 : Theme.line
                                    border.color: Theme.hairline
                                    opacity: sizeButton.pressed ? 0.75 : 1

                                    Rectangle {
                                        visible: sizeButton.stock === 0
                                        anchors.centerIn: parent
                                        width: parent.width - 20 * Theme.unit
                                        height: Theme.line
                                        rotation: -14
                                        color: Theme.inkSoft
                                    }
                                }

                                contentItem: Label {
                                    id: label

                                    text: sizeButton.size
                                    color: sizeButton.chosen ? Theme.ground
                                           : sizeButton.stock === 0 ? Theme.inkSoft : Theme.ink
                                    font.weight: Font.Medium
                                    horizontalAlignment: Text.AlignHCenter
                                    verticalAlignment: Text.AlignVCenter
                                    Accessible.ignored: true
                                }
                            }
                        }
                    }

                    Column {
                        width: parent.width
                        topPadding: Theme.gapTiny

                        Label {
                            objectName: "stockHere"
                            width: parent.width
                            text: page.stockWords(page.style.stock)
                            color: page.style.stock > 0 ? Theme.good : Theme.inkSoft
                            font.weight: Font.Medium
                            horizontalAlignment: Text.AlignLeft
                            wrapMode: Text.WordWrap
                        }

                        Label {
                            objectName: "place"
                            width: parent.width
                            visible: page.style.place !== ""
                            text: page.style.place
                            color: Theme.inkSoft
                            font.pixelSize: Theme.small
                            horizontalAlignment: Text.AlignLeft
                            elide: Text.ElideRight
                        }
                    }

                    Flow {
                        width: parent.width
                        topPadding: Theme.gapTiny
                        spacing: Theme.gapSmall

                        TouchButton {
                            objectName: "bring"
                            implicitHeight: 84 * Theme.unit
                            strong: true
                            visible: page.style.stock !== 0
                            text: page.style.size === "" ? qsTr("Bring it to me")
                                                         : qsTr("Bring me size %1").arg(page.style.size)
                            onClicked: page.model.bring(page.style.sku)
                        }

                        TouchButton {
                            objectName: "remember"
                            implicitHeight: 84 * Theme.unit
                            chosen: page.model.remembered
                            text: page.model.remembered ? qsTr("On your list") : qsTr("Add to my list")
                            onClicked: page.model.remember()
                        }
                    }
                }
            }

            Grid {
                id: facts

                readonly property real half: (width - spacing) / 2

                width: parent.width
                columns: 2
                spacing: Theme.gap

                Column {
                    width: facts.half
                    spacing: 6 * Theme.unit

                    Label {
                        anchors.left: parent.left
                        text: qsTr("In our other shops")
                        color: Theme.inkSoft
                        font.pixelSize: Theme.small
                    }

                    Label {
                        anchors.left: parent.left
                        visible: nearby.count === 0
                        text: qsTr("None of this size and colour")
                        font.pixelSize: Theme.small
                    }

                    Repeater {
                        id: nearby

                        model: page.style.shops

                        Column {
                            id: shop

                            required property string name
                            required property string where
                            required property int minutes
                            required property int pieces

                            objectName: "nearbyShop"
                            width: facts.half

                            Label {
                                width: parent.width
                                text: qsTr("%1: %2 there").arg(shop.name).arg(shop.pieces)
                                font.pixelSize: Theme.small
                                horizontalAlignment: Text.AlignLeft
                                elide: Text.ElideRight
                            }

                            Label {
                                width: parent.width
                                text: shop.minutes < 0 ? shop.where
                                      : qsTr("%1, %2 min on foot").arg(shop.where).arg(shop.minutes)
                                color: Theme.inkSoft
                                font.pixelSize: Theme.smallest
                                horizontalAlignment: Text.AlignLeft
                                elide: Text.ElideRight
                            }
                        }
                    }
                }

                Column {
                    width: facts.half
                    spacing: 6 * Theme.unit

                    Label {
                        anchors.left: parent.left
                        text: qsTr("Material and care")
                        color: Theme.inkSoft
                        font.pixelSize: Theme.small
                    }

                    Label {
                        objectName: "material"
                        width: parent.width
                        text: page.style.material
                        font.pixelSize: Theme.small
                        horizontalAlignment: Text.AlignLeft
                        wrapMode: Text.WordWrap
                    }

                    Label {
                        objectName: "care"
                        width: parent.width
                        text: page.style.care.map(code => page.careWords[code] ?? code).join(" · ")
                        color: Theme.inkSoft
                        font.pixelSize: Theme.smallest
                        horizontalAlignment: Text.AlignLeft
                        wrapMode: Text.WordWrap
                    }
                }
            }

            RequestStrip {
                width: parent.width
                staff: page.model.staff
                onClicked: page.model.openStaff()
            }
        }

        Item {
            id: withSide

            readonly property real titleHeight: withTitle.height + Theme.gapSmall

            visible: withIt.count > 0 && page.style.known
            width: page.upright ? parent.width : 250 * Theme.unit
            height: page.upright ? 300 * Theme.unit + titleHeight : parent.height
            anchors.bottom: parent.bottom
            anchors.right: parent.right

            Label {
                id: withTitle

                anchors.left: parent.left
                anchors.top: parent.top
                anchors.topMargin: page.upright ? 0 : 24 * Theme.unit
                text: qsTr("Goes well with")
                color: Theme.inkSoft
                font.pixelSize: Theme.small
            }

            Grid {
                id: tiles

                readonly property real room: withSide.height - withTitle.y - withSide.titleHeight

                anchors.bottom: parent.bottom
                width: parent.width
                columns: page.upright ? 3 : 1
                spacing: Theme.gapSmall

                Repeater {
                    id: withIt

                    model: page.style.goesWith

                    ProductTile {
                        required property int index
                        required property string sku

                        objectName: "goesWith"
                        visible: index < 3
                        width: page.upright ? (tiles.width - 2 * tiles.spacing) / 3 : tiles.width
                        height: page.upright ? tiles.room : (tiles.room - 2 * tiles.spacing) / 3
                        onClicked: page.model.openItem(sku)
                    }
                }
            }
        }
    }
}
