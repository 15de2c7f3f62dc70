import QtQuick
import Promenade
import Promenade.Native

// One camera's view as a drawing: a figure in a box for each person, and no picture.
Rectangle {
    id: view

    required property var figures
    property string empty: ""

    objectName: "figureView"
    radius: Theme.radius
    color: Theme.planFloor
    border.width: Theme.line
    border.color: Theme.planLine
    Accessible.role: Accessible.Graphic

    FiguresItem {
        anchors.fill: parent
        figures: view.figures
        lineWidth: Math.max(1, 2 * Theme.unit)
        colours: ({ figure: Theme.inkSoft, here: Theme.accent, mark: Theme.planWall })
    }

    Label {
        anchors.centerIn: parent
        width: parent.width - 4 * Theme.gap
        visible: view.figures.length === 0
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.WordWrap
        text: view.empty
        color: Theme.inkSoft
    }
}
