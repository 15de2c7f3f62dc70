import QtQuick
import QtQuick.Layouts
import Promenade

// What is on today, and what the stores offer.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property bool upright: height > width
    readonly property bool tight: upright && screenModel.comfort.withinReach

    objectName: "programmePage"

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
            title: qsTr("What is on")
            below: page.screenModel.clock.date
        }

        ProgrammeList {
            Layout.row: 1
            Layout.column: 0
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            Layout.alignment: Qt.AlignTop
            most: page.tight ? 2 : page.upright ? 5 : 6
            programme: page.model.programme
        }

        ColumnLayout {
            Layout.row: page.upright ? 2 : 1
            Layout.column: page.upright ? 0 : 1
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 1
            visible: page.model.offers.count > 0
            spacing: Theme.gapSmall

            Label {
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignLeft
                text: qsTr("Offers in the stores")
                color: Theme.inkSoft
                font.pixelSize: Theme.small
            }

            ListView {
                id: offers

                objectName: "offerList"
                Layout.fillWidth: true
                Layout.fillHeight: true
                clip: true
                spacing: 12 * Theme.unit
                boundsBehavior: Flickable.StopAtBounds
                cacheBuffer: 0
                model: page.model.offers.rows
                Accessible.role: Accessible.List
                Accessible.name: qsTr("Offers in the stores")

                delegate: StoreLine {
                    required property var model

                    width: offers.width
                    text: model.text
                    picture: model.picture
                    kind: model.store
                    floor: model.floor
                    onClicked: page.model.openStore(model.store_id)
                }
            }
        }

        BottomBar {
            Layout.row: page.upright ? 3 : 2
            Layout.column: page.upright ? 0 : 1
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            screenModel: page.screenModel
            model: page.model
            offersReach: page.upright
        }
    }
}
