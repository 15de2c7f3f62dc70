import QtQuick
import Promenade
import Promenade.Native

// What has been typed, with a caret that stands still.
Rectangle {
    id: field

    required property string query

    objectName: "searchField"
    implicitHeight: 104 * Theme.unit
    radius: height / 2
    color: Theme.raised
    border.width: Theme.line
    border.color: query === "" ? Theme.hairline : Theme.accent
    Accessible.role: Accessible.EditableText
    Accessible.name: query === "" ? hint.text : query

    IconItem {
        id: glass

        anchors.left: parent.left
        anchors.leftMargin: Theme.gap
        anchors.verticalCenter: parent.verticalCenter
        width: 46 * Theme.unit
        height: width
        name: "search"
        colour: Theme.accent
    }

    Label {
        id: words

        objectName: "query"
        anchors.left: glass.right
        anchors.leftMargin: Theme.gapSmall
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(implicitWidth, field.width - glass.width - 4 * Theme.gap)
        text: field.query
        font.pixelSize: Theme.title
        elide: Text.ElideLeft
        Accessible.ignored: true
    }

    Rectangle {
        id: caret

        anchors.left: words.right
        anchors.leftMargin: 4 * Theme.unit
        anchors.verticalCenter: parent.verticalCenter
        width: 4 * Theme.unit
        height: 52 * Theme.unit
        radius: width / 2
        color: Theme.accent
    }

    Label {
        id: hint

        anchors.left: caret.right
        anchors.leftMargin: Theme.gapSmall
        anchors.right: parent.right
        anchors.rightMargin: Theme.gap
        anchors.verticalCenter: parent.verticalCenter
        visible: field.query === ""
        text: qsTr("Store, brand or thing you need")
        color: Theme.inkSoft
        font.pixelSize: Theme.subtitle
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.smallest
        elide: Text.ElideRight
        Accessible.ignored: true
    }
}
