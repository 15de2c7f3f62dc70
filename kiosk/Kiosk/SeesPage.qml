import QtQuick
import QtQuick.Layouts
import Promenade
import Promenade.Native

// What this device sees, what it makes of it, where that goes, and how to end it.
Item {
    id: page

    required property QtObject screenModel
    required property QtObject model
    readonly property QtObject sees: model.sees
    readonly property bool upright: height > width
    readonly property bool tight: upright && screenModel.comfort.withinReach
    readonly property real sideWidth: upright ? width - 2 * Theme.margin : 800 * Theme.unit
    readonly property bool forgotten: sees.state === "forgotten"
    readonly property string used: {
        if (!sees.usable)
            return qsTr("Nothing. Using what is seen of visitors for ideas is switched off here.");
        if (sees.choice !== "seen")
            return sees.estimating
                   ? qsTr("Nothing. Estimates are used only after you choose it under Ideas for me.")
                   : qsTr("Nothing. Estimates of visitors are switched off here; the stores of your visit are used only after you choose it under Ideas for me.");
        switch (sees.whyNot) {
        case "nobody": return qsTr("Nothing at this moment: nobody is seen here.");
        case "several-people": return qsTr("Nothing at this moment: several people are here.");
        case "may-be-child": return qsTr("Nothing: no estimate is used of young visitors.");
        case "somebody-else": return qsTr("Nothing: this screen cannot tell that it is still you.");
        }
        if (sees.estimated || sees.visited.length > 0)
            return "";
        return sees.estimating ? qsTr("Nothing yet: nothing about you could be estimated.")
                               : qsTr("Nothing yet: estimates of visitors are switched off here, and no store of your visit is known.");
    }

    objectName: "seesPage"

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
            title: page.forgotten ? qsTr("Forgotten") : qsTr("What this device sees")
            below: page.forgotten ? qsTr("Your receipt") : qsTr("Now, drawn. There is no picture of you here.")
        }

        ColumnLayout {
            Layout.row: 1
            Layout.column: 0
            Layout.fillWidth: true
            Layout.fillHeight: false
            Layout.alignment: Qt.AlignTop
            visible: !page.forgotten
            spacing: Theme.gapSmall

            FigureView {
                Layout.fillWidth: true
                Layout.preferredHeight: page.upright ? (page.tight ? 0.3 : 0.5625) * width
                                                     : Math.min(0.5625 * width, (Theme.largeText ? 280 : 440) * Theme.unit)
                figures: page.sees.figures
                Accessible.name: seen.text
                empty: page.sees.watching ? qsTr("Nobody is in view just now.")
                                          : qsTr("No camera is looking just now.")
            }

            Label {
                id: seen

                objectName: "seenCount"
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignLeft
                wrapMode: Text.WordWrap
                color: Theme.inkSoft
                font.pixelSize: Theme.small
                text: (page.sees.camera === "" ? "" : qsTr("Camera %1").arg(page.sees.camera) + ": ")
                      + (page.sees.count === 1 ? qsTr("1 person in view")
                                               : qsTr("%1 people in view").arg(page.sees.count))
                      + (page.sees.here > 0 ? "  ·  " + (page.sees.here === 1
                            ? qsTr("1 before this screen, in colour")
                            : qsTr("%1 before this screen, in colour").arg(page.sees.here)) : "")
            }
        }

        Loader {
            Layout.row: 1
            Layout.column: 0
            Layout.rowSpan: page.upright ? 1 : 3
            Layout.fillWidth: true
            Layout.fillHeight: false
            Layout.alignment: page.upright ? Qt.AlignTop : Qt.AlignVCenter
            active: page.forgotten
            visible: active

            sourceComponent: Receipt { sees: page.sees }
        }

        Item {
            Layout.row: page.upright ? 3 : 2
            Layout.column: page.upright ? 0 : 1
            Layout.fillHeight: true
            visible: page.forgotten || !page.upright || page.tight
        }

        Card {
            Layout.row: page.upright ? 2 : 1
            Layout.column: page.upright ? 0 : 1
            Layout.alignment: Qt.AlignTop
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.preferredHeight: usedNow.implicitHeight + 2 * Theme.gap
            visible: !page.forgotten

            ColumnLayout {
                id: usedNow

                width: parent.width
                spacing: Theme.gapSmall

                Label {
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignLeft
                    text: qsTr("What is used of you now")
                    font.weight: Font.Medium
                }

                Label {
                    objectName: "usedNothing"
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignLeft
                    visible: page.used !== ""
                    text: page.used
                    color: Theme.inkSoft
                    font.pixelSize: Theme.small
                    wrapMode: Text.WordWrap
                }

                EstimateBars {
                    Layout.fillWidth: true
                    visible: page.used === ""
                    estimates: page.sees.estimates
                }

                Label {
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignLeft
                    visible: page.used === "" && page.sees.visited.length > 0
                    text: qsTr("Seen in this visit: %1").arg(page.sees.visited.join(", "))
                          + (page.sees.estimating ? "" : "\n" + qsTr("Estimates of visitors are switched off here."))
                    color: Theme.inkSoft
                    font.pixelSize: Theme.small
                    wrapMode: Text.WordWrap
                }
            }
        }

        ColumnLayout {
            Layout.row: page.upright ? 3 : 2
            Layout.column: 0
            Layout.rowSpan: page.upright ? 1 : 2
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: !page.forgotten && !page.tight
            spacing: 18 * Theme.unit

            FactLine {
                Layout.fillWidth: true
                sign: "eye"
                text: qsTr("Pictures live for a moment in this computer's memory. None is stored, none is sent.")
            }

            FactLine {
                Layout.fillWidth: true
                sign: "clock"
                text: page.sees.recognising
                      ? qsTr("What tells you from others is forgotten %1 minutes after you were last seen; estimates, when you leave this screen.").arg(page.sees.rememberedMin)
                      : qsTr("What you look like is never remembered: recognising people is switched off here.")
            }

            FactLine {
                Layout.fillWidth: true
                sign: "store"
                text: qsTr("The mall keeps totals only. Groups of fewer than %1 are never told. No name, no face, no emotion.").arg(page.sees.smallestGroup)
            }

            Item { Layout.fillHeight: true }
        }

        ColumnLayout {
            Layout.row: page.upright ? 4 : 3
            Layout.column: page.upright ? 0 : 1
            Layout.preferredWidth: page.sideWidth
            Layout.maximumWidth: page.sideWidth
            Layout.alignment: Qt.AlignBottom
            spacing: page.tight ? Theme.gapSmall : 24 * Theme.unit

            Label {
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignLeft
                visible: page.sees.state === "away"
                text: qsTr("That did not work: the service does not answer. Please try again, or ask at the information.")
                color: Theme.accent
                font.pixelSize: Theme.small
                wrapMode: Text.WordWrap
            }

            RowLayout {
                Layout.fillWidth: true
                visible: !page.forgotten
                spacing: Theme.gapTiny

                TouchButton {
                    objectName: "stopUsing"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    implicitHeight: 112 * Theme.unit
                    visible: page.sees.choice === "seen"
                    icon_: "clear"
                    text: qsTr("Stop")
                    Accessible.name: qsTr("Stop using what this screen sees")
                    onClicked: page.model.stopUsing()
                }

                TouchButton {
                    objectName: "forgetMe"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    implicitHeight: 112 * Theme.unit
                    enabled: page.sees.state !== "asking"
                    strong: true
                    icon_: "forget"
                    text: qsTr("Forget me")
                    onClicked: page.model.forgetMe()
                }
            }

            BottomBar {
                Layout.fillWidth: true
                screenModel: page.screenModel
                model: page.model
                offersReach: page.upright
            }
        }
    }
}
