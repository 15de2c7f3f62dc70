import QtQuick
import Promenade

// Filters in a line, of which one or none holds.
Row {
    id: row

    required property var choices
    required property string chosenId
    property string kind: "choice"

    signal picked(string choiceId)

    spacing: Theme.gapTiny

    Repeater {
        model: row.choices

        TouchButton {
            required property string choice_id
            required property string label

            objectName: row.kind + "-" + choice_id
            leftPadding: 24 * Theme.unit
            rightPadding: 24 * Theme.unit
            text: label
            chosen: row.chosenId === choice_id
            Accessible.role: Accessible.CheckBox
            Accessible.checkable: true
            Accessible.checked: chosen
            onClicked: row.picked(choice_id)
        }
    }
}
