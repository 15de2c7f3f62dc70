import QtQuick
import QtQuick.Layouts
import Promenade

// The place and the hour, on two shared lines.
GridLayout {
    id: header

    required property QtObject screenModel
    property string title: screenModel.site.known ? screenModel.site.name : qsTr("Welcome")

    columns: 2
    columnSpacing: Theme.gap
    rowSpacing: 0

    Label {
        objectName: "siteName"
        verticalAlignment: Text.AlignBottom
        Layout.row: 0
        Layout.column: 0
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignBottom
        Layout.bottomMargin: 0.288 * (Theme.display - Theme.headline)  // one baseline
        text: header.title
        font.pixelSize: Theme.headline
        font.weight: Font.Medium
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.subtitle
        elide: Text.ElideRight
    }

    ClockFace {
        Layout.row: 0
        Layout.column: 1
        Layout.alignment: Qt.AlignRight | Qt.AlignBottom
        Layout.topMargin: -40 * Theme.unit  // the type's own headroom
        clock: header.screenModel.clock
    }

    OpeningLine {
        Layout.row: 1
        Layout.column: 0
        Layout.alignment: Qt.AlignVCenter
        site: header.screenModel.site
    }

    Label {
        Layout.row: 1
        Layout.column: 1
        Layout.alignment: Qt.AlignRight | Qt.AlignVCenter
        text: header.screenModel.clock.date
        color: Theme.inkSoft
    }
}
