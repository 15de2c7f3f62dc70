import QtQuick

// A zone's name in the middle of its free space, upright or along a narrow room.
Item {
    id: label

    required property string kind
    required property string text
    required property real roomWidth
    required property real roomHeight
    readonly property bool along: !quiet && roomWidth < 96 * Theme.unit && roomHeight > 1.4 * roomWidth
    readonly property bool quiet: kind === "entrance" || kind === "till" || kind === "fitting-room"
    readonly property real inset: 6 * Theme.unit

    Label {
        id: words

        // A word a little too wide for its room is drawn narrower rather than over its neighbour.
        transform: Scale {
            origin.x: words.width / 2
            xScale: Math.max(0.8, Math.min(1, words.width / Math.max(1, words.contentWidth)))
        }
        anchors.centerIn: parent
        width: Math.max(1, (label.along ? label.roomHeight : label.roomWidth) - label.inset)
        height: Math.max(1, (label.along ? label.roomWidth : label.roomHeight) - label.inset / 2)
        rotation: label.along ? -90 : 0
        text: label.text
        visible: height >= Theme.smallest
        opacity: truncated ? 0 : 1
        color: label.quiet ? Theme.inkSoft : Theme.ink
        font.pixelSize: Theme.smallest
        font.weight: label.quiet ? Font.Normal : Font.Medium
        wrapMode: Text.WordWrap
        elide: Text.ElideRight
        lineHeight: 0.9
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        style: Text.Outline
        styleColor: Qt.alpha(Theme.ground, 0.6)
    }
}
