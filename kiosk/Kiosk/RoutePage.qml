import QtQuick
import QtQuick.Layouts
import Promenade
import Promenade.Native

// The way on the plan, floor by floor, and in words.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property QtObject way: model.way
    readonly property bool upright: height > width
    readonly property bool tight: upright && screenModel.comfort.withinReach
    readonly property real sideWidth: upright ? width - 2 * Theme.margin : 760 * Theme.unit

    objectName: "routePage"

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        anchors.topMargin: page.tight ? Theme.gapSmall : Theme.margin
        columns: page.upright ? 1 : 2
        columnSpacing: 56 * Theme.unit
        rowSpacing: page.tight ? Theme.gapSmall : 24 * Theme.unit

        PageTop {
            Layout.row: 0
            Layout.column: 0
            Layout.columnSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            model: page.model
            title: page.way.goalName
            below: page.way.state === "found"
                   ? qsTr("%1 min, %2 m on foot").arg(page.way.minutes).arg(page.way.metres) : ""
        }

        ColumnLayout {
            Layout.row: 1
            Layout.column: 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: page.upright ? 260 * Theme.unit : 0
            spacing: Theme.gapTiny

            FloorMap {
                id: map

                Layout.fillWidth: true
                Layout.fillHeight: true
                plan: page.screenModel.plan
                crowd: page.screenModel.crowd
                stale: page.screenModel.link !== "live"
                showsMarks: true

                RouteItem {
                    id: line

                    objectName: "routeLine"
                    anchors.fill: parent
                    over: map.under
                    points: page.way.points
                    room: page.way.room
                    ends: page.way.ends
                    colour: Theme.accent
                    casing: Theme.ground
                    lineWidth: 9 * Theme.unit
                    onPointsChanged: draw.restart()
                }

                Rectangle {
                    objectName: "rideMark"
                    visible: page.way.ride !== "" && line.progress === 1
                    x: Math.max(0, Math.min(map.placeX(page.way.rideXM, page.way.rideYM) - width / 2,
                                            map.width - width))
                    y: map.placeY(page.way.rideXM, page.way.rideYM) + 30 * Theme.unit
                    width: rideText.implicitWidth + 36 * Theme.unit
                    height: rideText.implicitHeight + 12 * Theme.unit
                    radius: height / 2
                    color: Theme.accent

                    Label {
                        id: rideText

                        anchors.centerIn: parent
                        text: (page.way.rideUp ? "↑ " : "↓ ") + page.way.ride
                        color: Theme.accentInk
                        font.pixelSize: Theme.smallest
                        font.weight: Font.Medium
                    }
                }

                NumberAnimation {
                    id: draw

                    target: line
                    property: "progress"
                    from: 0
                    to: 1
                    duration: 900
                    easing.type: Easing.InOutQuad
                }
            }

            RowLayout {
                Layout.fillWidth: true
                Layout.fillHeight: false
                spacing: Theme.gapTiny

                Label {
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignLeft
                    text: page.screenModel.plan.floorName
                    color: Theme.inkSoft
                }

                Repeater {
                    model: page.way.floors.length > 1 ? page.screenModel.plan.floors : null

                    TouchButton {
                        required property string floor_id
                        required property string label

                        objectName: "floor-" + floor_id
                        visible: page.way.floors.includes(floor_id)
                        text: label
                        chosen: page.screenModel.plan.floorId === floor_id
                        Accessible.role: Accessible.RadioButton
                        Accessible.checkable: true
                        Accessible.checked: chosen
                        onClicked: page.screenModel.plan.choose(floor_id)
                    }
                }
            }
        }

        ColumnLayout {
            Layout.row: page.upright ? 2 : 1
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.fillHeight: !page.upright
            spacing: page.tight ? Theme.gapSmall : 24 * Theme.unit

            RowLayout {
                Layout.fillHeight: false
                spacing: Theme.gapTiny

                Repeater {
                    model: [
                        { mode: "walking", icon: "walk", text: qsTr("Walking") },
                        { mode: "step-free", icon: "step-free", text: qsTr("Step-free") },
                        { mode: "stroller", icon: "stroller", text: qsTr("Stroller") }
                    ]

                    TouchButton {
                        required property var modelData

                        objectName: "mode-" + modelData.mode
                        Layout.fillWidth: true
                        Layout.preferredWidth: 1
                        implicitHeight: 88 * Theme.unit
                        leftPadding: Theme.gapSmall
                        rightPadding: Theme.gapSmall
                        icon_: modelData.icon
                        text: modelData.text
                        chosen: page.way.mode === modelData.mode
                        Accessible.role: Accessible.RadioButton
                        Accessible.checkable: true
                        Accessible.checked: chosen
                        onClicked: page.way.choose(modelData.mode)
                    }
                }
            }

            ColumnLayout {
                Layout.fillHeight: false
                visible: page.way.warned
                spacing: Theme.gapTiny

                Repeater {
                    model: page.way.notices

                    Notice {
                        required property string kind
                        required text

                        objectName: "notice-" + kind
                        Layout.fillWidth: true
                        sign: "warning"
                    }
                }
            }

            StepList {
                Layout.fillWidth: true
                Layout.fillHeight: !page.upright
                Layout.preferredHeight: page.upright
                    ? Math.min(wanted, (page.tight ? 240 : 560) * Theme.unit) : wanted
                plan: page.screenModel.plan
                way: page.way
            }

            TouchButton {
                objectName: "takeRoute"
                Layout.fillWidth: true
                implicitHeight: (page.tight ? 88 : 104) * Theme.unit
                visible: page.way.state === "found"
                icon_: "qr"
                text: qsTr("Take it with you")
                onClicked: page.model.takeWithMe(page.way.goal)
            }

            BottomBar {
                Layout.fillWidth: true
                screenModel: page.screenModel
                model: page.model
                offersReach: page.upright
            }
        }
    }
}
