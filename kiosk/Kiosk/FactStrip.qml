import QtQuick
import QtQuick.Layouts
import Promenade

// How it is here now, in a few large words.
RowLayout {
    id: strip

    required property QtObject screenModel
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
        caption: qsTr("Right now")
        value: strip.levels[strip.site.crowdLevel] ?? ""
        valueColour: Theme.accent
    }

    Fact {
        objectName: "visitorsFact"
        Layout.fillWidth: true
        Layout.preferredWidth: 1
        visible: strip.site.visitorsToday >= 0
        caption: qsTr("Visitors today")
        value: Number(strip.site.visitorsToday).toLocaleString(
                   Qt.locale(strip.screenModel.language.localeName), "f", 0)
    }

    Fact {
        objectName: "hoursFact"
        Layout.fillWidth: true
        Layout.preferredWidth: 1
        visible: strip.site.known
        caption: qsTr("Opening hours")
        value: strip.site.hours
    }
}
