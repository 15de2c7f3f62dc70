import QtQuick
import Promenade

// Outfits round what somebody has with them; swipe through.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property QtObject looks: model.looks
    readonly property bool upright: height >= width
    readonly property var reasonWords: ({
        "tried-together": qsTr("Often tried on together"), "goes-with": qsTr("Picked by our stylists"),
        colours: qsTr("The colours go well together"), popular: qsTr("Liked by many"),
        "popular-now": qsTr("Liked by many at this hour"), "in-stock": qsTr("All of it is here now")
    })

    objectName: "lookPage"

    CornerClock { screenModel: page.screenModel }

    Panel {
        id: panel

        uprightShare: 0.74
        lyingShare: 0.68

        PageHead {
            id: head

            width: parent.width
            title: qsTr("Complete the look")
            onBack: page.model.back()
        }

        Label {
            anchors.centerIn: parent
            width: 0.8 * parent.width
            visible: page.looks.count === 0 && text !== ""
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.WordWrap
            text: page.looks.state === "failed" ? qsTr("Looks cannot be put together at the moment")
                  : page.looks.state === "known" ? qsTr("We have no look for this yet; please ask our staff") : ""
            color: Theme.inkSoft
        }

        ListView {
            id: list

            objectName: "looks"
            anchors.top: head.bottom
            anchors.topMargin: Theme.gap
            anchors.bottom: dots.top
            anchors.bottomMargin: Theme.gapSmall
            width: parent.width
            model: page.looks.rows
            orientation: ListView.Horizontal
            layoutDirection: page.screenModel.language.rightToLeft ? Qt.RightToLeft : Qt.LeftToRight
            snapMode: ListView.SnapOneItem
            highlightRangeMode: ListView.StrictlyEnforceRange
            highlightMoveDuration: Theme.calm
            boundsBehavior: Flickable.StopAtBounds
            spacing: 2 * Theme.gap
            clip: true

            delegate: Item {
                id: look

                required property int index
                required property var pieces
                required property string reason
                required property string total
                required property bool inStock
                required property var wanted
                readonly property int across: !page.upright && pieces.length <= 5 ? pieces.length
                                              : pieces.length > 4 || pieces.length === 3 ? 3 : 2
                readonly property int down: Math.ceil(pieces.length / across)

                objectName: "look"
                width: list.width
                height: list.height

                Column {
                    id: why

                    width: parent.width

                    Label {
                        objectName: "lookReason"
                        width: parent.width
                        text: page.reasonWords[look.reason] ?? qsTr("Put together for what you have with you")
                        horizontalAlignment: Text.AlignLeft
                        elide: Text.ElideRight
                    }

                    Label {
                        width: parent.width
                        text: look.inStock ? qsTr("Everything is here") : qsTr("Part of it is not here at the moment")
                        color: look.inStock ? Theme.good : Theme.inkSoft
                        font.pixelSize: Theme.small
                        horizontalAlignment: Text.AlignLeft
                        elide: Text.ElideRight
                    }
                }

                Grid {
                    id: grid

                    anchors.top: why.bottom
                    anchors.topMargin: Theme.gapSmall
                    anchors.bottom: bar.top
                    anchors.bottomMargin: Theme.gapSmall
                    width: parent.width
                    columns: look.across
                    spacing: Theme.gapSmall

                    Repeater {
                        model: look.pieces

                        ProductTile {
                            required property var modelData

                            objectName: "piece"
                            width: (grid.width - (look.across - 1) * grid.spacing) / look.across
                            height: (grid.height - (look.down - 1) * grid.spacing) / look.down
                            name: modelData.name
                            price: modelData.own ? "" : modelData.price
                            picture: modelData.picture
                            tint: modelData.tint
                            badge: modelData.own ? qsTr("Yours") : ""
                            note: modelData.own ? "" : modelData.stock === 0 ? qsTr("Not here")
                                  : modelData.place
                            noteGood: modelData.stock > 0
                            noteRoom: true
                            onClicked: page.model.openItem(modelData.sku)
                        }
                    }
                }

                Item {
                    id: bar

                    anchors.bottom: parent.bottom
                    width: parent.width
                    height: 88 * Theme.unit

                    Label {
                        anchors.left: parent.left
                        anchors.verticalCenter: parent.verticalCenter
                        visible: look.total !== ""
                        text: qsTr("%1 for what is new").arg(look.total)
                        color: Theme.accent
                    }

                    TouchButton {
                        objectName: "bringAll"
                        anchors.right: parent.right
                        anchors.rightMargin: 2 * Theme.unit
                        anchors.verticalCenter: parent.verticalCenter
                        implicitHeight: 84 * Theme.unit
                        strong: true
                        visible: look.wanted.length > 0
                        text: look.wanted.length === 1 ? qsTr("Bring it to me") : qsTr("Bring all of it to me")
                        onClicked: page.model.bringAll(look.wanted)
                    }
                }
            }
        }

        Row {
            id: dots

            anchors.bottom: parent.bottom
            anchors.horizontalCenter: parent.horizontalCenter
            height: 72 * Theme.unit
            spacing: Theme.gap
            visible: page.looks.count > 1

            RoundButton {
                objectName: "lookBefore"
                symbol: "chevron"
                flipped: page.screenModel.language.rightToLeft
                enabled: list.currentIndex > 0
                opacity: enabled ? 1 : 0.35
                Accessible.name: qsTr("Look before")
                onClicked: list.decrementCurrentIndex()
            }

            Label {
                objectName: "lookNumber"
                anchors.verticalCenter: parent.verticalCenter
                text: qsTr("%1 of %2").arg(list.currentIndex + 1).arg(page.looks.count)
                color: Theme.inkSoft
            }

            RoundButton {
                objectName: "lookAfter"
                symbol: "chevron"
                flipped: !page.screenModel.language.rightToLeft
                enabled: list.currentIndex < page.looks.count - 1
                opacity: enabled ? 1 : 0.35
                Accessible.name: qsTr("Next look")
                onClicked: list.incrementCurrentIndex()
            }
        }
    }
}
