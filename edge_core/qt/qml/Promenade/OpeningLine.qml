import QtQuick

// Open or closed, and until when.
Row {
    id: line

    required property QtObject site
    property real size: Theme.body
    readonly property bool open: ["open", "always", "closing"].includes(site.openState)
    readonly property string text: {
        if (site.openState === "open")
            return qsTr("Open until %1").arg(site.nextChange);
        if (site.openState === "always")
            return qsTr("Open day and night");
        if (site.openState === "closing")
            return qsTr("Closing soon, at %1").arg(site.nextChange);
        if (site.opensTomorrow)
            return qsTr("Closed, open tomorrow at %1").arg(site.nextChange);
        return qsTr("Closed, opens at %1").arg(site.nextChange);
    }

    visible: site.openState !== ""
    spacing: Theme.gapSmall

    Rectangle {
        anchors.verticalCenter: parent.verticalCenter
        width: 14 * Theme.unit
        height: width
        radius: width / 2
        color: line.open ? Theme.accent : "transparent"
        border.width: Theme.line
        border.color: line.open ? Theme.accent : Theme.inkSoft
    }

    Label {
        text: line.text
        font.pixelSize: line.size
        color: line.open ? Theme.ink : Theme.inkSoft
    }
}
