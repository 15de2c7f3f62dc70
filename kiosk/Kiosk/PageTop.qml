import QtQuick
import QtQuick.Layouts
import Promenade

// The way back, and where one is.
RowLayout {
    id: top

    required property QtObject model
    required property string title
    property string below: ""

    Layout.fillHeight: false
    spacing: Theme.gap

    TouchButton {
        objectName: "back"
        implicitHeight: 96 * Theme.unit
        wordless: true
        icon_: "back"
        rotation: mirrored ? 180 : 0
        text: qsTr("Back")
        onClicked: top.model.back()
    }

    ColumnLayout {
        Layout.fillWidth: true
        spacing: 0

        Label {
            objectName: "pageTitle"
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignLeft
            text: top.title
            font.pixelSize: Theme.headline
            font.weight: Font.Medium
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.body
            elide: Text.ElideRight
            Accessible.role: Accessible.Heading
        }

        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignLeft
            visible: top.below !== ""
            text: top.below
            color: Theme.inkSoft
            elide: Text.ElideRight
        }
    }
}
