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
        page: window.model.page
        pages: ({ idle: idlePage, items: itemsPage })
    }

    Component {
        id: idlePage

        IdlePage {
            screenModel: window.screenModel
            model: window.model
        }
    }

    Component {
        id: itemsPage

        ItemsPage {
            screenModel: window.screenModel
            model: window.model
        }
    }
}
