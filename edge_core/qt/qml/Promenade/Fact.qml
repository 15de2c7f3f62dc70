import QtQuick

// One figure or word with what it means above it.
Column {
    id: fact

    required property string caption
    required property string value
    property color valueColour: Theme.ink
    property real valueSize: Theme.title

    spacing: Theme.gapTiny
    Accessible.role: Accessible.StaticText
    Accessible.name: caption + ": " + value

    Label {
        text: fact.caption
        width: fact.width
        elide: Text.ElideRight
        color: Theme.inkSoft
        font.pixelSize: Theme.small
        Accessible.ignored: true
    }

    Label {
        text: fact.value
        width: fact.width
        color: fact.valueColour
        font.pixelSize: fact.valueSize
        font.weight: Font.Medium
        elide: Text.ElideRight
        Accessible.ignored: true
    }
}
