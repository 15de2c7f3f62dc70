import QtQuick
import Promenade

// The mirror: light only where content is, for behind half-silvered glass black is mirror.
ScreenWindow {
    id: window

    required property QtObject model

    title: qsTr("Promenade mirror")
    color: Theme.mirrorGround
    dims: false

    PageStack {
        anchors.fill: parent
        page: "idle"
        pages: ({ idle: idlePage })
    }

    Component {
        id: idlePage

        IdlePage {
            screenModel: window.screenModel
            model: window.model
        }
    }
}
