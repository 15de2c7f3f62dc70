import QtQuick
import Promenade

// The kiosk: one page at a time, and the question whether anybody is still there.
ScreenWindow {
    id: window

    required property QtObject model

    title: qsTr("Promenade kiosk")

    PageStack {
        anchors.fill: parent
        page: window.model.page
        pages: ({ attract: attractPage, welcome: welcomePage })
    }

    StillThere {
        anchors.fill: parent
        presence: window.screenModel.presence
    }

    Component {
        id: attractPage

        AttractPage {
            screenModel: window.screenModel
            model: window.model
        }
    }

    Component {
        id: welcomePage

        WelcomePage {
            screenModel: window.screenModel
            model: window.model
        }
    }

    Binding {
        target: window.screenModel.crowd
        property: "running"
        value: !window.screenModel.presence.asleep
    }
}
