import QtQuick
import Promenade

// What somebody has with them, and what they can do with it.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property QtObject garments: model.garments
    readonly property int count: Math.max(1, garments.count)
    readonly property bool upright: height >= width
    readonly property bool beside: count <= 3 || !upright
    readonly property int columns: count <= 3 ? 1 : count === 4 ? 2 : 3
    readonly property int rowsShown: Math.ceil(count / columns)
    readonly property real gap: Theme.gap

    objectName: "itemsPage"

    CornerClock { screenModel: page.screenModel }

    Panel {
        id: panel

        uprightShare: page.count <= 1 ? 0.5 : page.count === 2 ? 0.6 : page.count <= 4 ? 0.74 : 0.82
        lyingShare: page.columns === 1 ? 0.58 : 0.66

        Item {
            id: content

            readonly property real room: panel.height - head.height - foot.height - 2 * Theme.gap
            readonly property real cardWidth: (width - (page.columns - 1) * page.gap) / page.columns
            readonly property real cardHeight: Math.min((room - (page.rowsShown - 1) * page.gap) / page.rowsShown,
                                                        (!page.beside ? 500 : page.columns > 1 ? 280 : 330) * Theme.unit)

            width: panel.width
            height: head.height + grid.height + foot.height + 2 * Theme.gap
            anchors.bottom: parent.bottom

            Item {
                id: head

                width: parent.width
                height: heading.height

                Column {
                    id: heading

                    anchors.left: parent.left
                    anchors.right: tools.left
                    spacing: Theme.gapSmall

                    Rectangle {
                        anchors.left: parent.left
                        width: 72 * Theme.unit
                        height: 6 * Theme.unit
                        radius: height / 2
                        color: Theme.accent
                    }

                    Row {
                        anchors.left: parent.left
                        spacing: Theme.gap

                        Label {
                            objectName: "itemsTitle"
                            text: page.count === 1 ? qsTr("Your item") : qsTr("Your items")
                            font.pixelSize: Theme.headline
                            font.weight: Font.Medium
                        }

                        Label {
                            objectName: "more"
                            anchors.verticalCenter: parent.verticalCenter
                            visible: page.garments.more > 0
                            text: qsTr("and %1 more").arg(page.garments.more)
                            color: Theme.inkSoft
                        }
                    }
                }

                Row {
                    id: tools

                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: Theme.gapSmall

                    RoundButton {
                        objectName: "largerText"
                        symbol: "text"
                        chosen: page.screenModel.comfort.largeText
                        Accessible.role: Accessible.CheckBox
                        Accessible.name: qsTr("Larger text")
                        Accessible.checkable: true
                        Accessible.checked: chosen
                        onClicked: page.screenModel.comfort.toggle("largeText")
                    }

                    RoundButton {
                        objectName: "highContrast"
                        symbol: "contrast"
                        chosen: page.screenModel.comfort.highContrast
                        Accessible.role: Accessible.CheckBox
                        Accessible.name: qsTr("High contrast")
                        Accessible.checkable: true
                        Accessible.checked: chosen
                        onClicked: page.screenModel.comfort.toggle("highContrast")
                    }

                    OtherLanguage { screenModel: page.screenModel }
                }
            }

            Grid {
                id: grid

                anchors.top: head.bottom
                anchors.topMargin: Theme.gap
                anchors.left: parent.left
                columns: page.columns
                spacing: page.gap

                Repeater {
                    model: page.garments.rows

                    GarmentCard {
                        required property string key
                        required property string sku

                        width: content.cardWidth
                        height: content.cardHeight
                        beside: page.beside
                        pictureSide: page.beside ? Math.min(height, (page.columns === 1 ? 0.4 : 0.38) * width)
                                                 : height - wordsHeight
                        onRefused: page.garments.dismiss(key)
                        onOpened: page.model.openItem(sku)

                        NumberAnimation on opacity {
                            from: 0
                            to: 1
                            duration: Theme.calm
                        }
                    }
                }
            }

            Column {
                id: foot

                anchors.top: grid.bottom
                anchors.topMargin: Theme.gap
                width: parent.width
                spacing: Theme.gapSmall

                RequestStrip {
                    width: parent.width
                    staff: page.model.staff
                    onClicked: page.model.openStaff()
                }

                Grid {
                    id: actions

                    readonly property real tileWidth: (width - (columns - 1) * spacing) / columns

                    width: parent.width
                    columns: page.upright ? 2 : 4
                    spacing: Theme.gapSmall

                    ActionTile {
                        objectName: "openLook"
                        width: actions.tileWidth
                        symbol: "look"
                        strong: true
                        text: qsTr("Complete the look")
                        onClicked: page.model.openLook()
                    }

                    ActionTile {
                        objectName: "callStaff"
                        width: actions.tileWidth
                        symbol: "bell"
                        text: qsTr("Call somebody")
                        onClicked: page.model.bring("")
                    }

                    ActionTile {
                        objectName: "openKeep"
                        width: actions.tileWidth
                        symbol: "list"
                        text: qsTr("Take the list with you")
                        onClicked: page.model.openKeep()
                    }

                    ActionTile {
                        objectName: "leave"
                        width: actions.tileWidth
                        symbol: "check"
                        text: qsTr("I am done")
                        onClicked: page.model.leave()
                    }
                }

                StatusLine {
                    width: parent.width
                    screenModel: page.screenModel
                }
            }
        }
    }
}
