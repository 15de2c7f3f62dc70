import QtQuick
import Promenade

// What is on today; as many entries as there is room for.
Column {
    id: list

    required property QtObject programme
    property int most: 4

    objectName: "programmeList"
    visible: programme.planned
    Accessible.role: Accessible.List
    Accessible.name: heading.text

    Label {
        id: heading

        text: qsTr("On today")
        color: Theme.inkSoft
        font.pixelSize: Theme.small
        bottomPadding: Theme.gapTiny
    }

    Repeater {
        model: list.programme.rows

        ProgrammeLine {
            required property int index
            required property var model

            width: list.width
            visible: index < list.most
            state_: model.state
            start: model.start
            end: model.end
            title: model.title
            place: model.place
        }
    }

    Label {
        width: list.width
        visible: list.programme.count === 0
        topPadding: Theme.gapSmall
        text: qsTr("That was all for today. See you tomorrow.")
        wrapMode: Text.WordWrap
    }
}
