import QtQuick
import QtQuick.Layouts
import Promenade

// The estimates in use, each with how sure it is.
ColumnLayout {
    id: bars

    required property var estimates

    function said(attribute, label) {
        if (attribute === "age")
            return qsTr("Age %1").arg(label);
        return label === "female" ? qsTr("Looks female") : qsTr("Looks male");
    }

    spacing: 10 * Theme.unit

    Repeater {
        model: bars.estimates

        RowLayout {
            id: bar

            required property string attribute
            required property string label
            required property real share

            objectName: "estimate"
            Layout.fillWidth: true
            spacing: 20 * Theme.unit
            Accessible.role: Accessible.StaticText
            Accessible.name: name.text + ", " + percent.text

            Label {
                id: name

                Layout.preferredWidth: 230 * Theme.textUnit
                horizontalAlignment: Text.AlignLeft
                text: bars.said(bar.attribute, bar.label)
                font.pixelSize: Theme.small
                Accessible.ignored: true
            }

            Rectangle {
                Layout.fillWidth: true
                Layout.preferredHeight: 18 * Theme.unit
                radius: height / 2
                color: Theme.hairline

                Rectangle {
                    width: Math.max(height, bar.share * parent.width)
                    height: parent.height
                    radius: height / 2
                    color: Theme.accent

                    Behavior on width { NumberAnimation { duration: Theme.calm } }
                }
            }

            Label {
                id: percent

                Layout.preferredWidth: 84 * Theme.textUnit
                horizontalAlignment: Text.AlignRight
                text: qsTr("%1 %").arg(Math.round(100 * bar.share))
                color: Theme.inkSoft
                font.pixelSize: Theme.small
                Accessible.ignored: true
            }
        }
    }
}
