import QtQuick
import QtQuick.Layouts
import Promenade

// After the first touch: the doors to everything, and the live plan, floor by floor.
// Controls stay in the lowest part of the page, where everybody reaches them.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    property bool offersIdeas: false
    readonly property bool upright: height > width
    readonly property real sideWidth: upright ? width - 2 * Theme.margin : 800 * Theme.unit

    readonly property real doorHeight: (upright ? (Theme.largeText ? 334 : 296) : floors.height > 2.5 * Theme.touch ? 92 : 148)
                                       * Theme.unit

    objectName: "welcomePage"

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        columns: page.upright ? 1 : 2
        columnSpacing: 72 * Theme.unit
        rowSpacing: (page.upright ? 32 : 24) * Theme.unit

        SiteHeader {
            Layout.columnSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            visible: !page.screenModel.comfort.withinReach || !page.upright
            screenModel: page.screenModel
            title: page.screenModel.site.known
                   ? qsTr("Welcome to %1").arg(page.screenModel.site.name) : qsTr("Welcome")
        }

        ColumnLayout {
            Layout.row: 1
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
                showsMarks: true
            }

            StatusLine {
                Layout.fillWidth: true
                Layout.leftMargin: 6 * Theme.unit
                screenModel: page.screenModel
                lights: page.screenModel.plan.watched
                liveText: !page.screenModel.plan.known ? ""
                          : page.screenModel.plan.watched
                          ? qsTr("Each light is somebody here now. Nobody is recognised.")
                          : qsTr("Plan only: no camera looks at this floor.")
            }
        }

        FloorSwitch {
            id: floors

            Layout.row: page.upright ? 2 : 3
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            plan: page.screenModel.plan
        }

        GridLayout {
            Layout.row: page.upright ? 3 : 1
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.fillHeight: false
            Layout.alignment: Qt.AlignTop
            columns: page.upright ? (page.offersIdeas ? 3 : 2) : 1
            columnSpacing: Theme.gapSmall
            rowSpacing: Theme.gapSmall

            DoorCard {
                objectName: "doorStores"
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                Layout.preferredHeight: page.doorHeight
                visible: page.model.stores.known
                sign: "store"
                text: qsTr("Find a store")
                below: qsTr("%1 stores, cafés and more").arg(page.model.stores.storeCount)
                onClicked: page.model.open("stores")
            }

            DoorCard {
                objectName: "doorIdeas"
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                Layout.preferredHeight: page.doorHeight
                visible: page.offersIdeas
                sign: "ideas"
                text: qsTr("Ideas for me")
                below: qsTr("You choose from what")
                onClicked: page.model.open("ideas")
            }

            DoorCard {
                objectName: "doorProgramme"
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                Layout.preferredHeight: page.doorHeight
                visible: page.model.programme.planned || page.model.offers.count > 0
                sign: "calendar"
                text: qsTr("What is on")
                below: page.model.programme.headline
                onClicked: page.model.open("programme")
            }
        }

        Item {
            Layout.row: 2
            Layout.column: 1
            Layout.fillHeight: true
            visible: !page.upright
        }

        BottomBar {
            Layout.row: 4
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            screenModel: page.screenModel
            model: page.model
            offersReach: page.upright
        }
    }
}
