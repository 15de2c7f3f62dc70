import QtQuick
import Promenade

// What somebody has with them. Upright it stands in the lower part, lying on the right-hand side:
// the rest belongs to the reflection.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property QtObject garments: model.garments
    readonly property int count: Math.max(1, garments.count)
    readonly property bool upright: height >= width
    readonly property real edge: 1.1 * Theme.margin
    readonly property real gap: Theme.gap
    readonly property bool beside: !upright || count <= 3
    readonly property int columns: count <= 3 ? 1 : upright && count > 4 ? 3 : 2
    readonly property int rowsShown: Math.ceil(count / columns)
    readonly property real areaWidth: upright ? width - 2 * edge : width * (columns === 1 ? 0.46 : 0.6)
    readonly property real areaHeight: upright ? height * 0.6 : height - 2 * edge - 150 * Theme.unit
    readonly property real cardWidth: (areaWidth - (columns - 1) * gap) / columns
    readonly property real cardHeight: Math.min((areaHeight - (rowsShown - 1) * gap) / rowsShown,
                                                (beside ? 330 : 560) * Theme.unit)

    objectName: "itemsPage"

    ClockFace {
        anchors.top: parent.top
        anchors.topMargin: page.edge
        anchors.left: parent.left
        anchors.leftMargin: page.edge
        clock: page.screenModel.clock
        color: Theme.inkSoft
        font.pixelSize: Theme.headline
    }

    Item {
        id: area

        width: page.areaWidth
        height: head.height + Theme.gap + grid.height + foot.height
        anchors.bottom: parent.bottom
        anchors.bottomMargin: page.edge
        anchors.right: parent.right
        anchors.rightMargin: page.edge

        Column {
            id: head

            width: parent.width
            spacing: Theme.gapSmall

            Rectangle {
                width: 72 * Theme.unit
                height: 6 * Theme.unit
                radius: height / 2
                color: Theme.accent
            }

            Label {
                objectName: "itemsTitle"
                width: parent.width
                text: page.count === 1 ? qsTr("Your item") : qsTr("Your items")
                font.pixelSize: Theme.headline
                font.weight: Font.Medium
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

                    width: page.cardWidth
                    height: page.cardHeight
                    beside: page.beside
                    pictureSide: page.beside ? Math.min(height, 0.46 * width)
                                             : height - 300 * Theme.unit
                    onRefused: page.garments.dismiss(key)

                    NumberAnimation on opacity {
                        from: 0
                        to: 1
                        duration: Theme.calm
                    }
                }
            }
        }

        Item {
            id: foot

            anchors.top: grid.bottom
            width: parent.width
            height: more.visible || status.visible ? 60 * Theme.unit : 0

            Label {
                id: more

                anchors.bottom: parent.bottom
                visible: page.garments.more > 0
                text: qsTr("and %1 more").arg(page.garments.more)
                color: Theme.inkSoft
            }

            StatusLine {
                id: status

                anchors.bottom: parent.bottom
                anchors.right: parent.right
                width: parent.width / 2
                screenModel: page.screenModel
            }
        }
    }
}
