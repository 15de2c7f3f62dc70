import QtQuick
import Promenade

// Where content stands: upright in the lower part, lying on the right-hand side. The rest of the
// glass belongs to the reflection.
Item {
    id: panel

    property real uprightShare: 0.66
    property real lyingShare: 0.58
    readonly property bool upright: parent.height >= parent.width
    readonly property real edge: 1.1 * Theme.margin

    width: upright ? parent.width - 2 * edge : parent.width * lyingShare - edge
    height: upright ? parent.height * uprightShare - edge : parent.height - 2 * edge
    anchors.bottom: parent.bottom
    anchors.bottomMargin: edge
    anchors.right: parent.right
    anchors.rightMargin: edge
}
