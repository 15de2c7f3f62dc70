import QtQuick
import Promenade
import Promenade.Native

// What was asked of the staff, how it stands, and how long it takes.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property QtObject staff: model.staff

    objectName: "staffPage"

    RequestWords { id: words }

    CornerClock { screenModel: page.screenModel }

    Panel {
        uprightShare: 0.62
        lyingShare: 0.54

        Column {
            anchors.bottom: parent.bottom
            width: parent.width
            spacing: Theme.gap

            PageHead {
                width: parent.width
                title: qsTr("Our staff")
                onBack: page.model.back()
            }

            Label {
                objectName: "unheard"
                width: parent.width
                visible: page.staff.unheard
                text: qsTr("The staff cannot be reached from here; please ask at the till")
                horizontalAlignment: Text.AlignLeft
                wrapMode: Text.WordWrap
            }

            Label {
                width: parent.width
                visible: page.staff.count === 0 && !page.staff.unheard
                text: qsTr("Nothing is being waited for")
                color: Theme.inkSoft
                horizontalAlignment: Text.AlignLeft
            }

            Repeater {
                model: page.staff.rows

                Rectangle {
                    id: card

                    required property int index
                    required property string request
                    required property string standing
                    required property string reason
                    required property bool waits
                    required property int seconds
                    required property real share
                    required property string name
                    required property string size
                    required property string colour
                    required property string picture
                    required property string tint
                    readonly property var told: ({
                        standing: standing, reason: reason, seconds: seconds, name: name,
                        colour: colour, size: size
                    })

                    objectName: "request"
                    visible: index < 4
                    width: parent.width
                    height: 212 * Theme.unit
                    radius: Theme.radius
                    color: Theme.raised
                    border.width: waits && !Theme.highContrast ? 0 : Theme.line
                    border.color: standing === "done" ? Theme.good : Theme.hairline
                    Accessible.role: Accessible.ListItem
                    Accessible.name: words.line(told)

                    GarmentItem {
                        id: drawing

                        anchors.left: parent.left
                        anchors.verticalCenter: parent.verticalCenter
                        anchors.leftMargin: Theme.gapSmall
                        width: card.picture === "" ? 0 : 150 * Theme.unit
                        height: 180 * Theme.unit
                        visible: card.picture !== ""
                        radius: 20 * Theme.unit
                        name: card.picture
                        tint: card.tint
                    }

                    IconItem {
                        id: bell

                        anchors.centerIn: drawing
                        anchors.horizontalCenterOffset: 75 * Theme.unit
                        visible: card.picture === ""
                        width: 64 * Theme.unit
                        height: width
                        name: "bell"
                        colour: Theme.accent
                    }

                    Column {
                        anchors.left: parent.left
                        anchors.leftMargin: 196 * Theme.unit
                        anchors.right: action.left
                        anchors.rightMargin: Theme.gapSmall
                        anchors.verticalCenter: parent.verticalCenter
                        spacing: Theme.gapTiny

                        Label {
                            width: parent.width
                            text: words.what(card.told)
                            color: Theme.inkSoft
                            font.pixelSize: Theme.small
                            horizontalAlignment: Text.AlignLeft
                            elide: Text.ElideRight
                        }

                        Label {
                            objectName: "requestStands"
                            width: parent.width
                            text: words.stands(card.told)
                            color: card.standing === "done" ? Theme.good : Theme.ink
                            font.pixelSize: Theme.subtitle
                            font.weight: Font.Medium
                            horizontalAlignment: Text.AlignLeft
                            wrapMode: Text.WordWrap
                            maximumLineCount: 2
                            elide: Text.ElideRight
                        }

                        Rectangle {
                            visible: card.waits
                            width: parent.width
                            height: 8 * Theme.unit
                            radius: height / 2
                            color: Theme.highContrast ? Theme.ground : Theme.hairline
                            border.width: Theme.highContrast ? 1 : 0
                            border.color: Theme.hairline

                            Rectangle {
                                anchors.left: parent.left
                                width: parent.width * (card.seconds < 0 ? 0.04 : Math.max(0.04, card.share))
                                height: parent.height
                                radius: height / 2
                                color: Theme.accent
                            }
                        }
                    }

                    TouchButton {
                        id: action

                        objectName: card.waits ? "withdraw" : "dismissRequest"
                        anchors.right: parent.right
                        anchors.rightMargin: Theme.gap
                        anchors.verticalCenter: parent.verticalCenter
                        text: card.waits ? qsTr("Cancel") : qsTr("OK")
                        Accessible.name: text + ": " + words.what(card.told)
                        onClicked: card.waits ? page.staff.withdraw(card.request)
                                              : page.staff.dismiss(card.request)
                    }
                }
            }
        }
    }
}
