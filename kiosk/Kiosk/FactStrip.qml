import QtQuick
import QtQuick.Layouts
import Promenade

// How it is here now, in a few large words.
RowLayout {
    id: strip

    required property QtObject screenModel
    readonly property real valueSize: width > 800 * Theme.unit ? Theme.title : Theme.subtitle
    readonly property QtObject site: screenModel.site
    readonly property var levels: ({
        quiet: qsTr("Quiet"), lively: qsTr("Lively"), busy: qsTr("Busy")
    })

    spacing: Theme.gap

    Fact {
        objectName: "crowdFact"
        Layout.fillWidth: true
        Layout.preferredWidth: 1
        visible: strip.site.crowdLevel !== ""
        valueSize: strip.valueSize
        caption: qsTr("Right now")
        value: strip.levels[strip.site.crowdLevel] ?? ""
        valueColour: Theme.accent
    }

    Fact {
        objectName: "visitorsFact"
        Layout.fillWidth: true
        Layout.preferredWidth: 1
        visible: strip.site.visitorsToday >= 0
        valueSize: strip.valueSize
        caption: qsTr("Visitors today")
        value: Number(strip.site.visitorsToday).toLocaleString(
                   Qt.locale(strip.screenModel.language.localeName), "f", 0)
    }

    Fact {
        objectName: "hoursFact"
        Layout.fillWidth: true
        Layout.preferredWidth: 1.25
        visible: strip.site.known
        valueSize: strip.valueSize
        caption: qsTr("Opening hours")
        value: strip.site.hours
    }
}
