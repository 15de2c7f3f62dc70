import QtQuick
import QtQuick.Layouts
import Promenade
import Promenade.Native

// The way and the coupon in one code that a phone reads without an app.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property QtObject home: model.takeHome
    readonly property bool upright: height > width
    readonly property bool tight: upright && screenModel.comfort.withinReach
    readonly property real sideWidth: upright ? width - 2 * Theme.margin : 800 * Theme.unit
    readonly property bool ready: home.state === "ready"

    objectName: "takeHomePage"

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        anchors.topMargin: page.tight ? Theme.gapSmall : Theme.margin
        columns: page.upright ? 1 : 2
        columnSpacing: 72 * Theme.unit
        rowSpacing: page.tight ? Theme.gapSmall : Theme.gap

        PageTop {
            Layout.row: 0
            Layout.column: 0
            Layout.columnSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            model: page.model
            title: qsTr("Take it with you")
            below: qsTr("Point your phone's camera at the code.")
        }

        Item {
            Layout.row: 1
            Layout.column: 0
            Layout.rowSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            Layout.fillHeight: !page.upright
            Layout.preferredHeight: (page.tight ? 460 : 700) * Theme.unit

            Rectangle {
                anchors.centerIn: parent
                width: Math.min(parent.width, parent.height, 780 * Theme.unit)
                height: width
                radius: Theme.radius
                color: page.ready ? "white" : Theme.raised

                QrItem {
                    objectName: "qr"
                    anchors.fill: parent
                    anchors.margins: 16 * Theme.unit
                    visible: page.ready
                    text: page.home.text
                    Accessible.role: Accessible.Graphic
                    Accessible.name: qsTr("QR code with the way and the coupon")
                }

                Label {
                    anchors.centerIn: parent
                    width: parent.width - 4 * Theme.gap
                    visible: page.home.state === "away"
                    horizontalAlignment: Text.AlignHCenter
                    text: qsTr("The code cannot be made just now. Please try again in a moment.")
                    wrapMode: Text.WordWrap
                    color: Theme.inkSoft
                }
            }
        }

        Flickable {
            // Long coupons and ways scroll; the way out below stays where it is.
            objectName: "takenAlong"
            Layout.row: page.upright ? 2 : 1
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.fillHeight: true
            Layout.alignment: Qt.AlignTop
            contentHeight: along.implicitHeight
            boundsBehavior: Flickable.StopAtBounds
            clip: true

            ColumnLayout {
                id: along

                width: parent.width
                spacing: page.tight ? Theme.gapSmall : Theme.gap

                CouponCard {
                    Layout.fillWidth: true
                    visible: title !== ""
                    title: page.home.couponTitle
                    store: page.home.couponStoreName
                    until: page.home.couponUntil
                }

                ColumnLayout {
                    Layout.fillWidth: true
                    visible: page.home.minutes > 0
                    spacing: Theme.gapTiny

                    Label {
                        Layout.fillWidth: true
                        horizontalAlignment: Text.AlignLeft
                        text: qsTr("The way to %1, %2 min").arg(page.home.goalName).arg(page.home.minutes)
                        font.pixelSize: Theme.subtitle
                        font.weight: Font.Medium
                        wrapMode: Text.WordWrap
                    }

                    Repeater {
                        model: page.tight ? [] : page.home.steps

                        Label {
                            required property string modelData

                            objectName: "takenStep"
                            Layout.fillWidth: true
                            horizontalAlignment: Text.AlignLeft
                            text: modelData
                            color: Theme.inkSoft
                            font.pixelSize: Theme.small
                            wrapMode: Text.WordWrap
                        }
                    }
                }

                Label {
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignLeft
                    text: page.home.couponTitle === ""
                          ? qsTr("Everything is in the code itself: no app, no account, no address.")
                          : qsTr("Everything is in the code itself: no app, no account, no address. Show it at the till; it is good for one purchase.")
                    color: Theme.inkSoft
                    font.pixelSize: Theme.small
                    wrapMode: Text.WordWrap
                }
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
