import QtQuick

// A zone's name in the middle of its free space, upright or along a narrow room.
Item {
    id: label

    required property string kind
    required property string text
    required property real roomWidth
    required property real roomHeight
    readonly property bool along: roomWidth < 96 * Theme.unit && roomHeight > 1.4 * roomWidth
    readonly property bool quiet: kind === "entrance" || kind === "till" || kind === "fitting-room"
    readonly property real inset: 12 * Theme.unit

    Label {
        anchors.centerIn: parent
        width: Math.max(1, (label.along ? label.roomHeight : label.roomWidth) - label.inset)
        height: Math.max(1, (label.along ? label.roomWidth : label.roomHeight) - label.inset / 2)
        rotation: label.along ? -90 : 0
        text: label.text
        visible: height >= Theme.smallest
        color: label.quiet ? Theme.inkSoft : Theme.ink
        font.pixelSize: label.quiet ? Theme.smallest : Theme.body
        font.weight: label.quiet ? Font.Normal : Font.Medium
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.smallest
        wrapMode: Text.WordWrap
        elide: Text.ElideRight
        lineHeight: 0.88
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        style: Text.Outline
        styleColor: Qt.alpha(Theme.ground, 0.6)
    }
}
