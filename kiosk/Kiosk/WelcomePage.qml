import QtQuick
import QtQuick.Layouts
import Promenade

// After the first touch: the live plan large, floor by floor, what is on, and the language.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property bool upright: height > width

    objectName: "welcomePage"

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        columns: page.upright ? 1 : 2
        columnSpacing: 72 * Theme.unit
        rowSpacing: 36 * Theme.unit

        RowLayout {
            Layout.row: 0
            Layout.column: page.upright ? 0 : 1
            Layout.fillWidth: true
            spacing: Theme.gap

            LanguageSwitch {
                screenModel: page.screenModel
            }

            Item { Layout.fillWidth: true }

            Label {
                text: page.screenModel.clock.time
                font.family: Theme.displayFamily
                font.pixelSize: Theme.headline
            }
        }

        ColumnLayout {
            Layout.row: 1
            Layout.column: page.upright ? 0 : 1
            Layout.fillWidth: true
            spacing: Theme.gapSmall

            Label {
                Layout.fillWidth: true
                text: qsTr("Welcome")
                font.pixelSize: Theme.headline
                font.weight: Font.Medium
            }

            Label {
                Layout.fillWidth: true
                text: qsTr("This is %1 right now.").arg(page.screenModel.site.name)
                visible: page.screenModel.site.known
                color: Theme.inkSoft
                wrapMode: Text.WordWrap
            }
        }

        ColumnLayout {
            Layout.row: page.upright ? 2 : 0
            Layout.column: 0
            Layout.rowSpan: page.upright ? 1 : 4
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: Theme.gapSmall

            FloorMap {
                Layout.fillWidth: true
                Layout.fillHeight: true
                plan: page.screenModel.plan
                crowd: page.screenModel.crowd
                stale: page.screenModel.link !== "live"

                FloorSwitch {
                    anchors.right: parent.right
                    anchors.bottom: parent.bottom
                    plan: page.screenModel.plan
                }
            }

            StatusLine {
                Layout.fillWidth: true
                Layout.leftMargin: 6 * Theme.unit
                screenModel: page.screenModel
                liveText: qsTr("Each light is somebody here now. Nobody is recognised.")
            }
        }

        ProgrammeList {
            Layout.row: page.upright ? 3 : 2
            Layout.column: page.upright ? 0 : 1
            Layout.fillWidth: true
            Layout.fillHeight: !page.upright
            Layout.alignment: Qt.AlignTop
            most: page.upright ? 4 : 5
            programme: page.model.programme
        }

        TouchButton {
            objectName: "finish"
            Layout.row: page.upright ? 4 : 3
            Layout.column: page.upright ? 0 : 1
            Layout.alignment: Qt.AlignRight
            Layout.preferredHeight: 96 * Theme.unit
            text: qsTr("Done")
            onClicked: page.model.finish()
        }
    }
}
