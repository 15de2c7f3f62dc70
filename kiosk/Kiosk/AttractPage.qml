import QtQuick
import QtQuick.Layouts
import Promenade

// Seen from across the hall: the place breathing, what is on, and where to touch.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property bool upright: height > width

    objectName: "attractPage"
    Accessible.role: Accessible.Button
    Accessible.name: qsTr("Touch to begin")
    Accessible.onPressAction: model.begin()

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        columns: page.upright ? 1 : 2
        columnSpacing: 72 * Theme.unit
        rowSpacing: page.upright ? 40 * Theme.unit : 36 * Theme.unit

        SiteHeader {
            Layout.row: 0
            Layout.column: page.upright ? 0 : 1
            Layout.fillWidth: true
            stacked: !page.upright
            screenModel: page.screenModel
        }

        ColumnLayout {
            Layout.row: page.upright ? 1 : 0
            Layout.column: 0
            Layout.rowSpan: page.upright ? 1 : 4
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: Theme.gapSmall

            FloorMap {
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: page.screenModel.plan.known
                plan: page.screenModel.plan
                crowd: page.screenModel.crowd
                stale: page.screenModel.link !== "live"
            }

            Item {
                Layout.fillHeight: true
                visible: !page.screenModel.plan.known
            }

            StatusLine {
                Layout.fillWidth: true
                Layout.leftMargin: 6 * Theme.unit
                screenModel: page.screenModel
                liveText: qsTr("Each light is somebody here now. Nobody is recognised.")
            }
        }

        FactStrip {
            Layout.row: page.upright ? 2 : 1
            Layout.column: page.upright ? 0 : 1
            Layout.fillWidth: true
            screenModel: page.screenModel
        }

        ProgrammeList {
            Layout.row: page.upright ? 3 : 2
            Layout.column: page.upright ? 0 : 1
            Layout.fillWidth: true
            Layout.fillHeight: !page.upright
            Layout.alignment: Qt.AlignTop
            most: page.upright ? 4 : 3
            programme: page.model.programme
        }

        BeginBar {
            Layout.row: page.upright ? 4 : 3
            Layout.column: page.upright ? 0 : 1
            Layout.fillWidth: true
            Layout.minimumWidth: page.upright ? 0 : 600 * Theme.unit
        }
    }

    MouseArea {
        objectName: "beginArea"
        anchors.fill: parent
        onClicked: page.model.begin()
    }
}
