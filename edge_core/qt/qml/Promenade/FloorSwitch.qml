import QtQuick

// Floors to look at, top floor first; nothing when there is but one. Many stand in two columns.
Flow {
    id: choice

    required property QtObject plan

    readonly property real widest: plan.floorCount > 4 ? (width - spacing) / 2 : width

    objectName: "floorSwitch"
    spacing: Theme.gapTiny
    visible: plan.floorCount > 1

    Repeater {
        model: choice.plan.floors

        TouchButton {
            required property string floor_id
            required property string label

            objectName: "floor-" + floor_id
            width: Math.min(implicitWidth, choice.widest)
            text: label
            chosen: choice.plan.floorId === floor_id
            Accessible.role: Accessible.RadioButton
            Accessible.checkable: true
            Accessible.checked: chosen
            onClicked: choice.plan.choose(floor_id)
        }
    }
}
