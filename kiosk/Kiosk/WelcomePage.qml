import QtQuick
import QtQuick.Layouts
import Promenade

// After the first touch: the live plan large, floor by floor, what is on, and the language.
// Controls stay in the lowest part of the page, where everybody reaches them.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property bool upright: height > width
    readonly property real sideWidth: upright ? width - 2 * Theme.margin : 600 * Theme.unit

    objectName: "welcomePage"

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        columns: page.upright ? 1 : 2
        columnSpacing: 72 * Theme.unit
        rowSpacing: 36 * Theme.unit

        SiteHeader {
            Layout.columnSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            screenModel: page.screenModel
            title: page.screenModel.site.known
                   ? qsTr("Welcome to %1").arg(page.screenModel.site.name) : qsTr("Welcome")
        }

        ColumnLayout {
            Layout.row: 1
            Layout.column: 0
            Layout.rowSpan: page.upright ? 1 : 3
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: Theme.gapSmall

            FloorMap {
                Layout.fillWidth: true
                Layout.fillHeight: true
                plan: page.screenModel.plan
                crowd: page.screenModel.crowd
                stale: page.screenModel.link !== "live"
            }

            StatusLine {
                Layout.fillWidth: true
                Layout.leftMargin: 6 * Theme.unit
                screenModel: page.screenModel
                liveText: page.screenModel.plan.known
                          ? qsTr("Each light is somebody here now. Nobody is recognised.") : ""
            }
        }

        ProgrammeList {
            Layout.row: page.upright ? 2 : 1
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.fillHeight: !page.upright
            Layout.alignment: Qt.AlignTop
            // Beside the map, every further row of floors takes the place of entries.
            most: page.upright ? 4 : Math.max(0, 4 - Math.ceil(
                (floors.height - Theme.touch) / (112 * Theme.unit)))
            programme: page.model.programme
        }

        FloorSwitch {
            id: floors

            Layout.row: page.upright ? 3 : 2
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            plan: page.screenModel.plan
        }

        RowLayout {
            Layout.row: page.upright ? 4 : 3
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            spacing: Theme.gapTiny

            LanguageSwitch {
                screenModel: page.screenModel
            }

            Item { Layout.fillWidth: true }

            TouchButton {
                objectName: "finish"
                Layout.preferredHeight: 88 * Theme.unit
                Layout.preferredWidth: Math.max(200 * Theme.unit, implicitWidth)
                strong: true
                text: qsTr("Done")
                onClicked: page.model.finish()
            }
        }
    }
}
