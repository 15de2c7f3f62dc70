import QtQuick
import Promenade

// One button to the site's next language, in that language's own name.
TouchButton {
    id: button

    required property QtObject screenModel
    readonly property var names: ({ en: "English", zh: "中文" })
    readonly property var codes: screenModel.site.languages
    readonly property string next: codes[(codes.indexOf(screenModel.language.code) + 1) % codes.length] ?? ""

    objectName: "otherLanguage"
    visible: codes.length > 1
    implicitHeight: Theme.touch + 8 * Theme.unit
    text: names[next] ?? next
    onClicked: screenModel.language.choose(next)
}
