import QtQuick

// The site's languages, each in its own name; nothing when there is no choice.
Row {
    id: choice

    required property QtObject screenModel
    readonly property var names: ({ en: "English", zh: "中文" })

    objectName: "languageSwitch"
    spacing: Theme.gapTiny
    visible: screenModel.site.languages.length > 1

    Repeater {
        model: choice.screenModel.site.languages

        TouchButton {
            required property string modelData

            objectName: "language-" + modelData
            implicitHeight: 88 * Theme.unit
            leftPadding: 22 * Theme.unit
            rightPadding: 22 * Theme.unit
            text: choice.names[modelData]
            chosen: choice.screenModel.language.code === modelData
            Accessible.role: Accessible.RadioButton
            Accessible.checkable: true
            Accessible.checked: chosen
            onClicked: choice.screenModel.language.choose(modelData)
        }
    }
}
