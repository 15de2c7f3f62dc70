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
        pages: ({
            idle: idlePage, items: itemsPage, item: itemPage, look: lookPage, staff: staffPage,
            keep: keepPage, leaving: leavingPage
        })
    }

    Component { id: idlePage; IdlePage { screenModel: window.screenModel; model: window.model } }
    Component { id: itemsPage; ItemsPage { screenModel: window.screenModel; model: window.model } }
    Component { id: itemPage; ItemPage { screenModel: window.screenModel; model: window.model } }
    Component { id: lookPage; LookPage { screenModel: window.screenModel; model: window.model } }
    Component { id: staffPage; StaffPage { screenModel: window.screenModel; model: window.model } }
    Component { id: keepPage; KeepPage { screenModel: window.screenModel; model: window.model } }
    Component { id: leavingPage; LeavingPage { screenModel: window.screenModel; model: window.model } }
}
