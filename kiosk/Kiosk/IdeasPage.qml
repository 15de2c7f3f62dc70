import QtQuick
import QtQuick.Layouts
import Promenade
import Promenade.Native

// Ideas for one visitor: first a plain choice, then stores with their reasons. Each part is made
// when it is shown.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property QtObject ideas: model.ideas
    readonly property bool upright: height > width
    readonly property bool tight: upright && screenModel.comfort.withinReach
    readonly property real sideWidth: upright ? width - 2 * Theme.margin : 800 * Theme.unit
    readonly property bool choosing: ideas.state === "choose"
    readonly property bool tapping: ideas.state === "interests"
    readonly property bool shown: !choosing && !tapping
    readonly property string notice: {
        switch (ideas.whyNot) {
        case "nobody": return qsTr("This screen sees nobody here now, so these are ideas for everybody.");
        case "several-people": return qsTr("Several people are here, so nothing personal is shown.");
        case "may-be-child": return qsTr("These are ideas for everybody: no estimate is used of young visitors.");
        case "somebody-else": return qsTr("This screen cannot tell that it is still you, so these are ideas for everybody.");
        }
        return "";
    }

    objectName: "ideasPage"

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        anchors.topMargin: page.tight ? Theme.gapSmall : Theme.margin
        columns: page.upright ? 1 : 2
        columnSpacing: 56 * Theme.unit
        rowSpacing: page.tight ? Theme.gapSmall : 24 * Theme.unit

        PageTop {
            Layout.row: 0
            Layout.column: 0
            Layout.columnSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            model: page.model
            title: qsTr("Ideas for me")
            below: page.choosing ? qsTr("You choose what they are made of.")
                   : page.tapping ? qsTr("Tap what you like, up to five.")
                   : page.ideas.renewed ? qsTr("Made anew by what this screen now sees of you")
                   : page.ideas.personal ? qsTr("By what this screen sees of you now")
                   : page.ideas.choice === "interests" ? qsTr("By what you tapped")
                   : qsTr("By the hour, the way and what is popular")
        }

        Loader {
            Layout.row: 1
            Layout.column: 0
            Layout.columnSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            Layout.fillHeight: true
            active: page.choosing
            visible: active

            sourceComponent: IdeasChoice {
                ideas: page.ideas
                sees: page.model.sees
                drawn: page.upright && !page.tight
            }
        }

        Loader {
            Layout.row: 1
            Layout.column: 0
            Layout.columnSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            Layout.fillHeight: true
            active: page.tapping
            visible: active

            sourceComponent: ColumnLayout {
                spacing: Theme.gap

                Item { Layout.fillHeight: true }

                Flow {
                    Layout.fillWidth: true
                    spacing: Theme.gapSmall

                    Repeater {
                        model: page.ideas.interests

                        TouchButton {
                            required property var model

                            objectName: "interest-" + model.interest_id
                            implicitHeight: 104 * Theme.unit
                            icon_: model.chosen ? "check" : ""
                            text: model.label
                            chosen: model.chosen
                            Accessible.role: Accessible.CheckBox
                            Accessible.checkable: true
                            Accessible.checked: chosen
                            onClicked: page.ideas.toggle(model.interest_id)
                        }
                    }
                }

                TouchButton {
                    objectName: "showChosen"
                    Layout.fillWidth: true
                    implicitHeight: 120 * Theme.unit
                    strong: true
                    enabled: page.ideas.chosenCount > 0
                    opacity: enabled ? 1 : 0.45
                    icon_: "ideas"
                    text: qsTr("Show me ideas")
                    onClicked: page.ideas.showChosen()
                }
            }
        }

        Loader {
            Layout.row: 1
            Layout.column: 0
            Layout.rowSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            Layout.fillHeight: true
            active: page.shown
            visible: active

            sourceComponent: ColumnLayout {
                spacing: Theme.gapSmall

                Notice {
                    objectName: "whyNot"
                    Layout.fillWidth: true
                    visible: page.notice !== ""
                    text: page.notice
                }

                ListView {
                    id: list

                    objectName: "ideaList"
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    clip: true
                    spacing: 12 * Theme.unit
                    boundsBehavior: Flickable.StopAtBounds
                    cacheBuffer: 0
                    model: page.ideas.rows
                    enabled: !renewing.running // no finger meets a card that was another's a moment ago
                    footer: Item { height: newer.visible ? newer.height + 2 * Theme.gapSmall : 0 }
                    Accessible.role: Accessible.List
                    Accessible.name: qsTr("Ideas for me")
                    onMovementStarted: page.ideas.touch()

                    NumberAnimation {
                        id: renewing

                        target: list
                        property: "opacity"
                        from: 0
                        to: 1
                        duration: 300
                        easing.type: Easing.OutQuad
                    }

                    Connections {
                        target: page.ideas.rows

                        function onModelReset() {
                            if (page.ideas.renewed)
                                renewing.restart();
                        }
                    }

                    delegate: IdeaCard {
                        required property var model

                        objectName: "idea-" + model.store_id
                        width: list.width
                        text: model.name
                        picture: model.picture
                        kind: model.kind
                        floor: model.floor
                        minutes: model.minutes
                        reasons: model.reasons
                        onClicked: page.model.openStore(model.store_id)
                        onTouched: page.ideas.touch()
                        onRefused: page.ideas.notForMe(model.store_id)
                    }

                    TouchButton {
                        id: newer

                        objectName: "newerIdeas"
                        anchors.bottom: parent.bottom
                        anchors.bottomMargin: Theme.gapSmall
                        anchors.horizontalCenter: parent.horizontalCenter
                        implicitHeight: 96 * Theme.unit
                        visible: page.ideas.newer
                        strong: true
                        icon_: "ideas"
                        text: qsTr("This screen now sees more: new ideas")
                        onClicked: page.ideas.renew()
                    }

                    Label {
                        anchors.left: parent.left
                        anchors.right: parent.right
                        anchors.top: parent.top
                        anchors.topMargin: Theme.gap
                        visible: page.ideas.state === "away"
                        text: qsTr("Ideas cannot be had just now. Find a store still works.")
                        wrapMode: Text.WordWrap
                        color: Theme.inkSoft
                    }
                }
            }
        }

        Loader {
            Layout.row: page.upright ? 2 : 1
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.fillHeight: !page.upright
            Layout.preferredHeight: page.upright && item
                                    ? Math.min(item.wanted, (page.tight ? 420 : 640) * Theme.unit) : -1
            active: page.shown
            visible: active

            sourceComponent: IdeasWishes {
                ideas: page.ideas
                onTaken: page.model.takeIdeas()
            }
        }

        BottomBar {
            Layout.row: page.upright ? 3 : 2
            Layout.column: page.shown && !page.upright ? 1 : 0
            Layout.columnSpan: page.shown || page.upright ? 1 : 2
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.shown || page.upright ? page.sideWidth : page.width
            Layout.alignment: Qt.AlignBottom
            Layout.fillWidth: !page.shown
            screenModel: page.screenModel
            model: page.model
            offersReach: page.upright
        }
    }
}
