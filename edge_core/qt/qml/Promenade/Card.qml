import QtQuick

// A raised sheet. Flat on purpose: shadows draw nothing in the software scene graph.
Rectangle {
    default property alias content: inside.data
    property real padding: Theme.gap

    color: Theme.raised
    radius: Theme.radius

    Item {
        id: inside

        anchors.fill: parent
        anchors.margins: parent.padding
    }
}
