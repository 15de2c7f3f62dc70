import QtQuick
import QtQuick.Layouts
import Promenade

// Seen from across the hall: the place breathing, what is on, and where to touch.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property bool upright: height > width
    readonly property real spill: upright ? Theme.gap : 0
    readonly property real sideWidth: upright ? width - 2 * Theme.margin : 600 * Theme.unit

    readonly property bool ready: screenModel.site.known

    objectName: "attractPage"
    Accessible.role: ready ? Accessible.Button : Accessible.Pane
    Accessible.name: ready ? qsTr("Touch to begin") : qsTr("Welcome")
    Accessible.onPressAction: if (ready) model.begin()

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        columns: page.upright ? 1 : 2
        columnSpacing: 72 * Theme.unit
        rowSpacing: page.upright ? 40 * Theme.unit : 36 * Theme.unit

        SiteHeader {
            Layout.columnSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            screenModel: page.screenModel
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
                Layout.leftMargin: -page.spill
                Layout.rightMargin: -page.spill
                visible: page.screenModel.plan.known
                plan: page.screenModel.plan
                crowd: page.screenModel.crowd
                stale: page.screenModel.link !== "live"
            }

            Label {  // a site without a plan yet
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: !page.screenModel.plan.known
                verticalAlignment: Text.AlignVCenter
                text: page.ready ? qsTr("Welcome") : ""
                font.pixelSize: 1.6 * Theme.display
                font.weight: Font.Light
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.headline
            }

            StatusLine {
                Layout.fillWidth: true
                Layout.leftMargin: 6 * Theme.unit
                screenModel: page.screenModel
                liveText: page.screenModel.plan.known
                          ? qsTr("Each light is somebody here now. Nobody is recognised.") : ""
            }
        }

        FactStrip {
            Layout.row: page.upright ? 2 : 1
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            screenModel: page.screenModel
        }

        ProgrammeList {
            Layout.row: page.upright ? 3 : 2
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.fillHeight: !page.upright
            Layout.alignment: Qt.AlignTop
            most: page.upright ? 4 : 3
            programme: page.model.programme
        }

        RowLayout {
            visible: page.ready
            Layout.row: page.upright ? 4 : 3
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.fillHeight: false
            spacing: Theme.gapSmall

            BeginBar {
                Layout.fillWidth: true
                pressed: begin.pressed
            }

            TouchButton {
                objectName: "openSees"
                implicitHeight: 132 * Theme.unit
                wordless: true
                icon_: "eye"
                text: qsTr("What this device sees")
                onClicked: page.model.openSees()
            }
        }
    }

    MouseArea {
        id: begin

        objectName: "beginArea"
        z: -1  // all that is no button begins
        anchors.fill: parent
        enabled: page.ready
        onClicked: page.model.begin()
    }
}
