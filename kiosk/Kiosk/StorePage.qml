import QtQuick
import QtQuick.Layouts
import Promenade
import Promenade.Native

// One store: how it looks, when it is open, what it offers, and the way there.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property QtObject card: model.card
    readonly property bool upright: height > width
    readonly property bool tight: upright && screenModel.comfort.withinReach
    readonly property real sideWidth: upright ? width - 2 * Theme.margin : 800 * Theme.unit
    readonly property var levels: ({
        quiet: qsTr("Quiet"), lively: qsTr("Lively"), busy: qsTr("Busy")
    })
    readonly property string hours: {
        switch (card.state) {
        case "open": return qsTr("Open until %1").arg(card.until);
        case "closing": return qsTr("Closing soon, at %1").arg(card.until);
        case "closed": return qsTr("Closed, opens at %1").arg(card.until);
        case "always": return qsTr("Open day and night");
        case "shut": return qsTr("Closed for now: %1").arg(card.until);
        }
        return "";
    }
    readonly property bool open: ["open", "always", "closing"].includes(card.state)

    objectName: "storePage"

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        anchors.topMargin: page.tight ? Theme.gapSmall : Theme.margin
        columns: page.upright ? 1 : 2
        columnSpacing: 64 * Theme.unit
        rowSpacing: page.tight ? Theme.gapSmall : Theme.gap

        PageTop {
            Layout.row: 0
            Layout.column: 0
            Layout.columnSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            model: page.model
            title: page.card.name
            below: page.card.kind
        }

        StorePicture {
            objectName: "illustration"
            Layout.row: 1
            Layout.column: 0
            Layout.rowSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            Layout.fillHeight: !page.upright || page.tight
            Layout.preferredHeight: page.upright && !page.tight ? width * 0.6 : 100 * Theme.unit
            radius: Theme.radius
            ground: Theme.raised
            name: page.card.picture
            Accessible.role: Accessible.Graphic
            Accessible.name: page.card.name
        }

        ColumnLayout {
            Layout.row: page.upright ? 2 : 1
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.fillHeight: true
            Layout.alignment: Qt.AlignTop
            spacing: page.tight ? Theme.gapSmall : 28 * Theme.unit

            RowLayout {
                spacing: Theme.gapSmall

                Rectangle {
                    Layout.preferredWidth: 18 * Theme.unit
                    Layout.preferredHeight: Layout.preferredWidth
                    radius: width / 2
                    color: page.open ? Theme.accent : "transparent"
                    border.width: Theme.line
                    border.color: page.open ? Theme.accent : Theme.inkSoft
                }

                Label {
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignLeft
                    text: page.hours
                    color: page.card.state === "open" ? Theme.ink : Theme.accent
                    font.pixelSize: Theme.subtitle
                    wrapMode: Text.WordWrap
                }
            }

            Label {
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignLeft
                visible: text !== "" && !page.tight
                text: page.card.text
                wrapMode: Text.WordWrap
                font.pixelSize: Theme.subtitle
                lineHeight: 1.1
            }

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.gapSmall

                Fact {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1.4
                    valueSize: Theme.subtitle
                    caption: qsTr("Hours today")
                    value: page.card.hours
                }

                Fact {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1.25
                    valueSize: Theme.subtitle
                    caption: page.card.unit === "" ? qsTr("Where")
                                                   : qsTr("Where, door %1").arg(page.card.unit)
                    value: page.card.floorName
                }

                Fact {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 0.75
                    visible: page.card.minutes > 0
                    valueSize: Theme.subtitle
                    caption: qsTr("Walk")
                    value: qsTr("%1 min").arg(page.card.minutes)
                }

                Fact {
                    objectName: "storeCrowd"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 0.85
                    visible: page.card.crowd !== ""
                    valueSize: Theme.subtitle
                    caption: qsTr("At its door")
                    value: page.levels[page.card.crowd] ?? ""
                    valueColour: Theme.accent
                }
            }

            Repeater {
                model: page.card.offers

                Rectangle {
                    id: offer

                    required property string modelData

                    objectName: "offer"
                    Layout.fillWidth: true
                    implicitHeight: Math.max(96 * Theme.unit, offerText.implicitHeight + Theme.gap)
                    radius: Theme.radius
                    color: Qt.alpha(Theme.accent, 0.14)
                    border.width: Theme.line
                    border.color: Theme.accent
                    Accessible.role: Accessible.StaticText
                    Accessible.name: modelData

                    IconItem {
                        id: tag

                        anchors.left: parent.left
                        anchors.leftMargin: Theme.gap
                        anchors.verticalCenter: parent.verticalCenter
                        width: 44 * Theme.unit
                        height: width
                        name: "offer"
                        colour: Theme.accent
                    }

                    Label {
                        id: offerText

                        anchors.left: tag.right
                        anchors.leftMargin: 20 * Theme.unit
                        anchors.right: parent.right
                        anchors.rightMargin: Theme.gap
                        anchors.verticalCenter: parent.verticalCenter
                        horizontalAlignment: Text.AlignLeft
                        text: offer.modelData
                        wrapMode: Text.WordWrap
                        Accessible.ignored: true
                    }
                }
            }

            Flow {
                Layout.fillWidth: true
                visible: page.card.products.length > 0 && !page.tight
                         && (page.upright || !Theme.largeText)
                spacing: Theme.gapTiny

                Repeater {
                    model: page.card.products

                    Rectangle {
                        id: product

                        required property string modelData

                        width: productText.implicitWidth + 40 * Theme.unit
                        height: 52 * Theme.unit
                        radius: height / 2
                        color: Theme.raised
                        border.width: Theme.highContrast ? Theme.line : 0
                        border.color: Theme.hairline

                        Label {
                            id: productText

                            anchors.centerIn: parent
                            text: product.modelData
                            color: Theme.inkSoft
                            font.pixelSize: Theme.small
                        }
                    }
                }
            }

            Item { Layout.fillHeight: true }

            TouchButton {
                objectName: "takeMeThere"
                Layout.fillWidth: true
                implicitHeight: 120 * Theme.unit
                strong: true
                icon_: "walk"
                text: qsTr("Take me there")
                onClicked: page.model.takeMeThere(page.card.storeId)
            }
        }

        BottomBar {
            Layout.row: page.upright ? 3 : 2
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            screenModel: page.screenModel
            model: page.model
            offersReach: page.upright
        }
    }
}
