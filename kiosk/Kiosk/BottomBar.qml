import QtQuick
import QtQuick.Layouts
import Promenade

// What every page after the first touch ends with: language, comfort, and the way out.
RowLayout {
    id: bar

    required property QtObject screenModel
    required property QtObject model
    property bool offersReach: true
    readonly property real tall: 88 * Theme.unit

    Layout.fillHeight: false
    spacing: Theme.gapTiny

    LanguageSwitch {
        screenModel: bar.screenModel
    }

    Item { Layout.fillWidth: true }

    TouchButton {
        objectName: "openSees"
        implicitHeight: bar.tall
        visible: bar.model.page !== "sees"
        wordless: true
        icon_: "eye"
        text: qsTr("What this device sees")
        onClicked: bar.model.openSees()
    }

    TouchButton {
        objectName: "largeText"
        implicitHeight: bar.tall
        wordless: true
        icon_: "text-size"
        text: qsTr("Larger text")
        chosen: bar.screenModel.comfort.largeText
        Accessible.role: Accessible.CheckBox
        Accessible.checkable: true
        Accessible.checked: chosen
        onClicked: bar.screenModel.comfort.toggle("largeText")
    }

    TouchButton {
        objectName: "highContrast"
        implicitHeight: bar.tall
        wordless: true
        icon_: "contrast"
        text: qsTr("High contrast")
        chosen: bar.screenModel.comfort.highContrast
        Accessible.role: Accessible.CheckBox
        Accessible.checkable: true
        Accessible.checked: chosen
        onClicked: bar.screenModel.comfort.toggle("highContrast")
    }

    TouchButton {
        objectName: "withinReach"
        implicitHeight: bar.tall
        visible: bar.offersReach
        wordless: true
        icon_: "reach"
        text: qsTr("Everything within reach")
        chosen: bar.screenModel.comfort.withinReach
        Accessible.role: Accessible.CheckBox
        Accessible.checkable: true
        Accessible.checked: chosen
        onClicked: bar.screenModel.comfort.toggle("withinReach")
    }

    Item { Layout.preferredWidth: Theme.gapTiny }

    TouchButton {
        objectName: "finish"
        Layout.preferredHeight: bar.tall
        Layout.preferredWidth: Math.max(160 * Theme.unit, implicitWidth)
        strong: true
        text: qsTr("Done")
        onClicked: bar.model.finish()
    }
}
