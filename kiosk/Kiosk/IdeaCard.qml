import QtQuick
import QtQuick.Templates as T
import Promenade
import Promenade.Native

// One store suggested: what it is, why, and the way to say no.
T.AbstractButton {
    id: card

    property string picture: ""
    property string kind: ""
    property string floor: ""
    property int minutes: 0
    property var reasons: []
    readonly property bool nearTold: reasons.some(r => r.code === "near")
    readonly property string where: [kind, floor,
        minutes > 0 && !nearTold ? qsTr("%1 min").arg(minutes) : ""].filter(t => t !== "").join("  ·  ")
    readonly property string why: reasons.map(r => said(r)).filter(t => t !== "").join(qsTr(", "))

    signal touched()
    signal refused()

    function said(reason) {
        switch (reason.code) {
        case "looking-for": return qsTr("what you are looking for");
        case "interest": return qsTr("you chose %1").arg(reason.what);
        case "like-visited": return qsTr("goes with your visit to %1").arg(reason.what);
        case "like-you": return qsTr("liked by visitors like you");
        case "popular-now": return qsTr("popular at this hour");
        case "near": return qsTr("%1\u00a0min away").arg(reason.number);
        case "quiet": return qsTr("quiet now");
        case "closing-soon": return qsTr("closes in %1\u00a0min").arg(reason.number);
        }
        return "";
    }

    implicitHeight: Math.max(176 * Theme.unit, words.implicitHeight + 28 * Theme.unit)
    Accessible.role: Accessible.Button
    Accessible.name: [text, where, why].filter(t => t !== "").join(", ")
    Accessible.onPressAction: clicked()
    onPressed: touched()

    background: Rectangle {
        radius: Theme.radius
        color: card.pressed ? Theme.hairline : Theme.raised
        border.width: Theme.highContrast ? Theme.line : 0
        border.color: Theme.hairline
    }

    contentItem: Item {
        id: inside

        StorePicture {
            id: drawing

            x: card.mirrored ? inside.width - width - 14 * Theme.unit : 14 * Theme.unit
            anchors.verticalCenter: parent.verticalCenter
            width: 180 * Theme.unit
            height: inside.height - 28 * Theme.unit
            radius: 18 * Theme.unit
            ground: Theme.hairline
            name: card.picture
        }

        Column {
            id: words

            x: card.mirrored ? refuse.width + 2 * Theme.gapSmall + Theme.gapTiny
                             : drawing.width + 38 * Theme.unit
            anchors.verticalCenter: parent.verticalCenter
            width: inside.width - drawing.width - refuse.width - 38 * Theme.unit
                   - 2 * Theme.gapSmall - Theme.gapTiny
            spacing: 2 * Theme.unit

            Label {
                width: parent.width
                horizontalAlignment: Text.AlignLeft
                text: card.text
                font.pixelSize: Theme.subtitle
                font.weight: Font.Medium
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.small
                elide: Text.ElideRight
                Accessible.ignored: true
            }

            Label {
                width: parent.width
                horizontalAlignment: Text.AlignLeft
                text: card.where
                color: Theme.inkSoft
                font.pixelSize: Theme.small
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.smallest
                elide: Text.ElideRight
                Accessible.ignored: true
            }

            Label {
                objectName: "why"
                width: parent.width
                horizontalAlignment: Text.AlignLeft
                visible: card.why !== ""
                text: qsTr("Why: %1").arg(card.why)
                color: Theme.accent
                font.pixelSize: Theme.small
                wrapMode: Text.WordWrap
                maximumLineCount: 2
                elide: Text.ElideRight
                Accessible.ignored: true
            }
        }

        TouchButton {
            id: refuse

            objectName: "notForMe"
            x: card.mirrored ? Theme.gapSmall : inside.width - width - Theme.gapSmall
            anchors.verticalCenter: parent.verticalCenter
            leftPadding: 22 * Theme.unit
            rightPadding: 22 * Theme.unit
            text: qsTr("Not for me")
            Accessible.name: qsTr("Not for me: %1").arg(card.text)
            onPressed: card.touched()
            onClicked: card.refused()
        }
    }
}
