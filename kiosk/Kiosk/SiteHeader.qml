import QtQuick
import QtQuick.Layouts
import Promenade

// The place and the hour. Upright screens set them side by side, lying ones under each other.
GridLayout {
    id: header

    required property QtObject screenModel
    property bool stacked: false

    columns: stacked ? 1 : 2
    columnSpacing: Theme.gap
    rowSpacing: Theme.gap

    ColumnLayout {
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        Layout.row: header.stacked ? 1 : 0
        Layout.column: 0
        spacing: Theme.gapSmall

        Label {
            objectName: "siteName"
            Layout.fillWidth: true
            text: header.screenModel.site.known ? header.screenModel.site.name : qsTr("Welcome")
            font.pixelSize: Theme.headline
            font.weight: Font.Medium
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.subtitle
            wrapMode: Text.WordWrap
            maximumLineCount: 2
            elide: Text.ElideRight
            lineHeight: 0.95
        }

        OpeningLine {
            site: header.screenModel.site
        }
    }

    ColumnLayout {
        Layout.alignment: header.stacked ? Qt.AlignTop | Qt.AlignLeft : Qt.AlignTop | Qt.AlignRight
        Layout.row: 0
        Layout.column: header.stacked ? 0 : 1
        spacing: 0

        ClockFace {
            Layout.alignment: header.stacked ? Qt.AlignLeft : Qt.AlignRight
            clock: header.screenModel.clock
        }

        Label {
            Layout.alignment: header.stacked ? Qt.AlignLeft : Qt.AlignRight
            text: header.screenModel.clock.date
            color: Theme.inkSoft
        }
    }
}
