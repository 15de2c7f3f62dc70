import QtQuick
import QtQuick.Layouts
import Promenade

// Letters for names in English and in pinyin; drawn here, so that no other keyboard is needed.
ColumnLayout {
    id: keys

    property real keyHeight: 92 * Theme.unit
    readonly property var rows: [
        ["q", "w", "e", "r", "t", "y", "u", "i", "o", "p"],
        ["a", "s", "d", "f", "g", "h", "j", "k", "l"],
        ["z", "x", "c", "v", "b", "n", "m"]
    ]

    signal typed(string text)
    signal erased()
    signal cleared()

    objectName: "keyboard"
    spacing: Theme.gapTiny
    LayoutMirroring.enabled: false  // letters stand where hands expect them
    LayoutMirroring.childrenInherit: true
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Keyboard")

    Repeater {
        model: keys.rows

        RowLayout {
            id: line

            required property var modelData
            required property int index

            Layout.alignment: Qt.AlignHCenter
            spacing: Theme.gapTiny

            Repeater {
                model: line.modelData

                Key {
                    required property string modelData

                    objectName: "key-" + modelData
                    board: keys.width
                    tall: keys.keyHeight
                    text: modelData
                    onClicked: keys.typed(modelData)
                }
            }

            Key {
                objectName: "erase"
                board: keys.width
                tall: keys.keyHeight
                share: 1.5
                visible: line.index === 2
                icon_: "erase"
                text: qsTr("Erase")
                onClicked: keys.erased()
            }
        }
    }

    RowLayout {
        Layout.alignment: Qt.AlignHCenter
        spacing: Theme.gapTiny

        Repeater {
            model: ["1", "2", "3", "4"]

            Key {
                required property string modelData

                objectName: "key-" + modelData
                board: keys.width
                tall: keys.keyHeight
                text: modelData
                Accessible.name: qsTr("Tone %1").arg(modelData)
                onClicked: keys.typed(modelData)
            }
        }

        Key {
            objectName: "space"
            board: keys.width
            tall: keys.keyHeight
            share: 3.6
            icon_: "space"
            text: qsTr("Space")
            onClicked: keys.typed(" ")
        }

        Key {
            objectName: "clear"
            board: keys.width
            tall: keys.keyHeight
            share: 1.5
            icon_: "clear"
            text: qsTr("Clear")
            onClicked: keys.cleared()
        }
    }
}
