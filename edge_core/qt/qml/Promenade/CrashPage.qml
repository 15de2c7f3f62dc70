import QtQuick

// Shown when a screen has failed. Leans on nothing but the theme; says it in both languages.
Rectangle {
    id: page

    readonly property real unit: Math.max(0.4, Math.min(width, height) / 1080)

    color: Theme.ground
    Accessible.role: Accessible.AlertMessage
    Accessible.name: english.text + " " + chinese.text

    Column {
        anchors.centerIn: parent
        width: Math.min(parent.width - 128 * page.unit, 920 * page.unit)
        spacing: 28 * page.unit

        Rectangle {
            width: 96 * page.unit
            height: 8 * page.unit
            radius: height / 2
            color: Theme.accent
        }

        Text {
            id: english

            textFormat: Text.PlainText
            width: parent.width
            wrapMode: Text.WordWrap
            text: "One moment, please"
            color: Theme.ink
            font.family: Theme.family
            font.pixelSize: 68 * page.unit
            font.weight: Font.Medium
        }

        Text {
            textFormat: Text.PlainText
            width: parent.width
            wrapMode: Text.WordWrap
            text: "This screen is restarting by itself. There is nothing you need to do."
            color: Theme.inkSoft
            font.family: Theme.family
            font.pixelSize: 32 * page.unit
        }

        Item { width: 1; height: 36 * page.unit }

        Text {
            id: chinese

            textFormat: Text.PlainText
            width: parent.width
            wrapMode: Text.WordWrap
            text: "请稍候"
            color: Theme.ink
            font.family: Theme.family
            font.pixelSize: 68 * page.unit
            font.weight: Font.Medium
        }

        Text {
            textFormat: Text.PlainText
            width: parent.width
            wrapMode: Text.WordWrap
            text: "屏幕正在自动重新启动，您无需任何操作。"
            color: Theme.inkSoft
            font.family: Theme.family
            font.pixelSize: 32 * page.unit
        }
    }
}
