import QtQuick
import QtQuick.Layouts
import Promenade

// The plain choice: use what the screen sees, tap interests, or neither.
ColumnLayout {
    id: choice

    required property QtObject ideas
    required property QtObject sees
    property bool drawn: true

    spacing: Theme.gapSmall

    FigureView {
        Layout.fillWidth: true
        Layout.preferredHeight: 0.5625 * width
        visible: choice.drawn
        figures: choice.sees.figures
        empty: choice.sees.watching ? qsTr("Nobody is in view just now.")
                                    : qsTr("No camera is looking just now.")
        Accessible.name: caption.text
    }

    Label {
        id: caption

        Layout.fillWidth: true
        horizontalAlignment: Text.AlignLeft
        visible: choice.drawn
        text: choice.sees.usable ? qsTr("This is what this screen sees: figures, no pictures.")
                                 : qsTr("This is what this screen sees: figures, no pictures. Ideas make no use of it here.")
        color: Theme.inkSoft
        font.pixelSize: Theme.small
        wrapMode: Text.WordWrap
    }

    Item { Layout.fillHeight: true }

    Label {
        Layout.fillWidth: true
        Layout.bottomMargin: Theme.gapSmall
        horizontalAlignment: Text.AlignLeft
        text: choice.sees.usable ? qsTr("May this screen use what it sees?")
                                 : qsTr("Would you like to tap what you like?")
        font.pixelSize: Theme.title
        font.weight: Font.Medium
        wrapMode: Text.WordWrap
    }

    ChoiceCard {
        objectName: "useSeen"
        Layout.fillWidth: true
        sign: "eye"
        visible: choice.sees.usable
        enabled: choice.sees.here === 1
        text: qsTr("Use what this screen sees")
        below: choice.sees.here === 1
               ? (choice.sees.estimating
                  ? qsTr("Age band, female or male, as estimated, and this visit's stores: now, kept nowhere. End it at any time.")
                  : qsTr("The stores you were seen in on this visit: now, kept nowhere. End it at any time."))
               : choice.sees.here === 0
                 ? qsTr("Only while it sees one person here. Just now it sees nobody.")
                 : qsTr("Only while it sees one person here. Just now there are several.")
        onClicked: choice.ideas.useSeen()
    }

    ChoiceCard {
        objectName: "chooseMyself"
        Layout.fillWidth: true
        sign: "touch"
        text: qsTr("Choose for myself")
        below: qsTr("Tap a few interests. The camera plays no part.")
        onClicked: choice.ideas.chooseMyself()
    }

    ChoiceCard {
        objectName: "noThanks"
        Layout.fillWidth: true
        sign: "clear"
        text: qsTr("No thanks")
        below: qsTr("Popular places and the same offers, without any of it.")
        onClicked: choice.ideas.noThanks()
    }
}
