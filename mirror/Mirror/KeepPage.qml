import QtQuick
import Promenade
import Promenade.Native

// The list in a QR code: complete by itself, readable by any phone, valid without an account.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property bool upright: height >= width

    objectName: "keepPage"

    CornerClock { screenModel: page.screenModel }

    Panel {
        uprightShare: 0.7
        lyingShare: 0.6

        Column {
            anchors.bottom: parent.bottom
            width: parent.width
            spacing: Theme.gap

            PageHead {
                width: parent.width
                title: qsTr("Take the list with you")
                onBack: page.model.back()
            }

            Grid {
                width: parent.width
                columns: page.upright ? 1 : 2
                spacing: Theme.gap
                horizontalItemAlignment: page.upright ? Grid.AlignHCenter : Grid.AlignLeft

                Rectangle {
                    id: sheet

                    width: (page.upright ? 600 : 540) * Theme.unit
                    height: width
                    radius: Theme.radius
                    color: "white"
                    visible: page.model.keptText !== ""

                    QrItem {
                        objectName: "qr"
                        anchors.fill: parent
                        anchors.margins: 20 * Theme.unit
                        text: page.model.keptText
                        Accessible.role: Accessible.Graphic
                        Accessible.name: qsTr("QR code with your list")
                    }
                }

                Column {
                    width: page.upright ? parent.width : parent.width - sheet.width - Theme.gap
                    spacing: Theme.gapSmall

                    Label {
                        width: parent.width
                        text: qsTr("Point your phone's camera at the code.")
                        font.pixelSize: Theme.subtitle
                        font.weight: Font.Medium
                        horizontalAlignment: Text.AlignLeft
                        wrapMode: Text.WordWrap
                    }

                    Label {
                        width: parent.width
                        text: page.model.keptOnline
                              ? qsTr("It opens a page with your list: where it is in stock, and what goes with it. No account, no app. Nothing of it stays here.")
                              : qsTr("The list with sizes is in the code itself: no account, no app, no address. Nothing of it stays here.")
                        color: Theme.inkSoft
                        font.pixelSize: Theme.small
                        horizontalAlignment: Text.AlignLeft
                        wrapMode: Text.WordWrap
                    }

                    Item { width: 1; height: Theme.gapTiny }

                    Repeater {
                        model: page.model.keptLines

                        Label {
                            required property string modelData

                            objectName: "keptLine"
                            width: parent.width
                            text: modelData
                            font.pixelSize: Theme.small
                            horizontalAlignment: Text.AlignLeft
                            elide: Text.ElideRight
                        }
                    }
                }
            }
        }
    }
}
