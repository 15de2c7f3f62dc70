import QtQuick
import Promenade.Native

// Quietly says how fresh the live view is.
Row {
    id: line

    required property QtObject screenModel
    property string liveText: ""
    property bool lights: true
    readonly property bool live: screenModel.link === "live"
    readonly property string text: {
        if (live)
            return liveText;
        if (screenModel.link === "connecting" || screenModel.lastLive === "")
            return qsTr("The live view will be here in a moment");
        return qsTr("Live view paused, as of %1").arg(screenModel.lastLive);
    }

    objectName: "statusLine"
    spacing: 14 * Theme.unit
    visible: text !== ""

    Rectangle {
        anchors.verticalCenter: parent.verticalCenter
        visible: line.live && line.lights
        width: 16 * Theme.unit
        height: width
        radius: width / 2
        color: Theme.person
        border.width: 4 * Theme.unit
        border.color: Theme.accent
    }

    IconItem {
        anchors.verticalCenter: parent.verticalCenter
        visible: !line.live
        width: 26 * Theme.unit
        height: width
        name: "pause"
        colour: Theme.inkSoft
    }

    Label {
        text: line.text
        width: Math.min(implicitWidth, line.width > 0 ? line.width - 40 * Theme.unit : implicitWidth)
        elide: Text.ElideRight
        color: Theme.inkSoft
        font.pixelSize: Theme.small
    }
}
