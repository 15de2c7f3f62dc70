import QtQuick
import Promenade

// The time, small, in the corner of the glass.
ClockFace {
    required property QtObject screenModel

    anchors.top: parent.top
    anchors.topMargin: 1.1 * Theme.margin
    anchors.left: parent.left
    anchors.leftMargin: 1.1 * Theme.margin
    clock: screenModel.clock
    color: Theme.inkSoft
    font.pixelSize: 68 * Theme.unit
}
