import QtQuick
import Promenade

// A clock, the day and one line of welcome, at the rims: the middle belongs to the reflection.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property real room: 14 * Theme.unit
    readonly property var greetings: ({
        morning: qsTr("Good morning"), afternoon: qsTr("Good afternoon"),
        evening: qsTr("Good evening")
    })

    objectName: "idlePage"

    Item {
        id: content

        objectName: "wandering"
        x: page.room * page.model.shiftX
        y: page.room * page.model.shiftY
        width: page.width
        height: page.height

        Column {
            anchors.top: parent.top
            anchors.topMargin: 1.4 * Theme.margin
            anchors.left: parent.left
            anchors.leftMargin: 1.4 * Theme.margin
            spacing: Theme.gapTiny

            ClockFace {
                objectName: "mirrorClock"
                anchors.left: parent.left
                anchors.leftMargin: -18 * Theme.unit  // the figures' own side bearing
                clock: page.screenModel.clock
                font.pixelSize: Theme.giant
            }

            Label {
                anchors.left: parent.left
                text: page.screenModel.clock.date
                color: Theme.inkSoft
                font.pixelSize: Theme.subtitle
            }
        }

        Column {
            anchors.bottom: parent.bottom
            anchors.bottomMargin: 1.4 * Theme.margin
            anchors.left: parent.left
            anchors.leftMargin: 1.4 * Theme.margin
            width: parent.width - 2.8 * Theme.margin
            spacing: Theme.gapSmall

            Rectangle {
                width: 72 * Theme.unit
                height: 6 * Theme.unit
                radius: height / 2
                color: Theme.accent
            }

            Item { width: 1; height: Theme.gapTiny }

            Label {
                objectName: "greeting"
                width: parent.width
                text: page.greetings[page.model.partOfDay]
                font.pixelSize: Theme.headline
                font.weight: Font.Medium
                wrapMode: Text.WordWrap
            }

            Label {
                objectName: "mirrorSite"
                width: parent.width
                visible: page.screenModel.site.known
                text: qsTr("Welcome to %1.").arg(page.screenModel.site.name)
                color: Theme.inkSoft
                font.pixelSize: Theme.subtitle
                wrapMode: Text.WordWrap
            }

            StatusLine {
                width: parent.width
                screenModel: page.screenModel
            }

            TouchButton {
                objectName: "showAgain"
                anchors.left: parent.left
                visible: page.model.garments.hidden > 0
                text: qsTr("Show my items again")
                onClicked: page.model.garments.show_again()
            }
        }
    }
}
