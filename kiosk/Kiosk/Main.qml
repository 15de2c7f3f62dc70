import QtQuick
import Promenade

// The kiosk: one page at a time, and the question whether anybody is still there.
// A page is registered in `pages`; a door to it is shown only then.
ScreenWindow {
    id: window

    required property QtObject model
    readonly property bool upright: height > width
    readonly property real lowered: upright && screenModel.comfort.withinReach
                                    && model.page !== "attract" ? 0.36 * height : 0

    title: qsTr("Promenade kiosk")

    SiteHeader {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: Theme.margin
        y: window.lowered / 2 - height / 2
        visible: window.lowered > 0
        screenModel: window.screenModel
    }

    Item {
        anchors.fill: parent
        anchors.topMargin: window.lowered

        PageStack {
            anchors.fill: parent
            page: window.model.page
            pages: ({
                attract: attractPage, welcome: welcomePage, stores: storesPage, store: storePage,
                route: routePage, programme: programmePage, ideas: ideasPage, sees: seesPage,
                takeHome: takeHomePage
            })
        }
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
            offersIdeas: window.model.stores.known
        }
    }

    Component {
        id: storesPage

        StoresPage {
            screenModel: window.screenModel
            model: window.model
        }
    }

    Component {
        id: storePage

        StorePage {
            screenModel: window.screenModel
            model: window.model
        }
    }

    Component {
        id: routePage

        RoutePage {
            screenModel: window.screenModel
            model: window.model
        }
    }

    Component {
        id: programmePage

        ProgrammePage {
            screenModel: window.screenModel
            model: window.model
        }
    }

    Component {
        id: ideasPage

        IdeasPage {
            screenModel: window.screenModel
            model: window.model
        }
    }

    Component {
        id: seesPage

        SeesPage {
            screenModel: window.screenModel
            model: window.model
        }
    }

    Component {
        id: takeHomePage

        TakeHomePage {
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
