import QtQuick
import QtQuick.Layouts
import Promenade

// Search as one types; categories and floors narrow the list.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property QtObject stores: model.stores
    readonly property bool upright: height > width
    readonly property bool tight: upright && screenModel.comfort.withinReach
    readonly property real sideWidth: upright ? width - 2 * Theme.margin : 860 * Theme.unit

    objectName: "storesPage"

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        anchors.topMargin: page.tight ? Theme.gapSmall : Theme.margin
        columns: page.upright ? 1 : 2
        columnSpacing: 64 * Theme.unit
        rowSpacing: page.tight ? Theme.gapSmall : 26 * Theme.unit

        PageTop {
            Layout.row: 0
            Layout.column: 0
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            model: page.model
            title: qsTr("Find a store")
        }

        SearchField {
            Layout.row: 1
            Layout.column: 0
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            query: page.stores.query
        }

        ChoiceRow {
            Layout.row: page.upright ? 2 : 0
            Layout.column: page.upright ? 0 : 1
            Layout.fillWidth: true
            kind: "floorFilter"
            choices: page.stores.floors
            chosenId: page.stores.floor
            onPicked: choiceId => page.stores.chooseFloor(choiceId)
        }

        Flickable {
            id: categoryStrip

            // A line that scrolls begins where reading begins.
            function toStart() {
                contentX = page.screenModel.language.rightToLeft
                         ? Math.max(0, contentWidth - width) : 0;
            }

            onContentWidthChanged: toStart()
            onWidthChanged: toStart()
            Layout.row: page.upright ? 3 : 1
            Layout.column: page.upright ? 0 : 1
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.touch
            contentWidth: categories.width
            boundsBehavior: Flickable.StopAtBounds
            clip: true

            ChoiceRow {
                id: categories

                kind: "category"
                choices: page.stores.categories
                chosenId: page.stores.category
                onPicked: choiceId => page.stores.chooseCategory(choiceId)
            }
        }

        ListView {
            id: list

            objectName: "storeList"
            Layout.row: page.upright ? 4 : 2
            Layout.column: page.upright ? 0 : 1
            Layout.rowSpan: page.upright ? 1 : 3
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            spacing: 12 * Theme.unit
            boundsBehavior: Flickable.StopAtBounds
            cacheBuffer: 0
            model: page.stores.rows
            Accessible.role: Accessible.List
            Accessible.name: qsTr("%1 found").arg(page.stores.count)

            delegate: StoreLine {
                required property var model

                objectName: "store-" + model.store_id
                width: list.width
                text: model.name
                picture: model.picture
                sign: model.icon
                kind: model.kind
                floor: model.floor
                minutes: model.minutes
                state_: model.state
                until: model.until
                found: model.found
                onClicked: page.model.openStore(model.store_id)
            }

            Connections {
                target: page.stores
                function onChanged() { list.positionViewAtBeginning(); }
            }

            Label {
                objectName: "nothingFound"
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: parent.top
                anchors.topMargin: Theme.gap
                visible: page.stores.count === 0
                text: qsTr("Nothing is called like that here. Try fewer letters, or a category.")
                wrapMode: Text.WordWrap
                color: Theme.inkSoft
            }
        }

        RowLayout {
            id: offered

            Layout.row: page.upright ? 5 : 2
            Layout.column: 0
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.preferredHeight: Theme.touch
            Layout.maximumHeight: Theme.touch
            spacing: Theme.gapTiny

            Repeater {
                model: page.stores.completions

                TouchButton {
                    required property string modelData

                    objectName: "completion"
                    Layout.maximumWidth: 340 * Theme.unit
                    leftPadding: 22 * Theme.unit
                    rightPadding: 22 * Theme.unit
                    text: modelData
                    visible: x + width <= offered.width
                    onClicked: page.stores.complete(modelData)
                }
            }

            Item { Layout.fillWidth: true }
        }

        Loader {  // four dozen keys: made after the page is seen
            id: keys

            readonly property real keyHeight: (page.tight ? 76 : 92) * Theme.unit

            Layout.row: page.upright ? 6 : 3
            Layout.column: 0
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.preferredHeight: 4 * keyHeight + 3 * Theme.gapTiny
            Layout.alignment: Qt.AlignTop
            asynchronous: true

            sourceComponent: Keyboard {
                keyHeight: keys.keyHeight
                onTyped: text => page.stores.type(text)
                onErased: page.stores.erase()
                onCleared: page.stores.clear()
            }
        }

        BottomBar {
            Layout.row: page.upright ? 7 : 4
            Layout.column: 0
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.alignment: Qt.AlignBottom
            screenModel: page.screenModel
            model: page.model
            offersReach: page.upright
        }
    }
}
