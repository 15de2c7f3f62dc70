import QtQuick

// The window of a screen: sets the design unit, mirrors for right-to-left, dims while asleep.
Window {
    id: window

    required property QtObject screenModel
    property bool dims: true
    default property alias content: inside.data

    color: Theme.ground

    Binding {
        target: Theme
        property: "unit"
        value: Math.min(window.width / 1080, window.height / 1080,
                        Math.max(window.width, window.height) / 1920)
    }

    Binding {
        target: Theme
        property: "largeText"
        value: window.screenModel.comfort.largeText
    }

    Binding {
        target: Theme
        property: "highContrast"
        value: window.screenModel.comfort.highContrast
    }

    Item {
        id: inside

        anchors.fill: parent
        LayoutMirroring.enabled: window.screenModel.language.rightToLeft
        LayoutMirroring.childrenInherit: true
    }

    // The operator's way out: three seconds in the corner, then the PIN.
    Item {
        objectName: "corner"
        width: 110 * Theme.unit
        height: width

        TapHandler {
            gesturePolicy: TapHandler.DragThreshold
            longPressThreshold: 3
            onLongPressed: window.screenModel.release.begin()
        }
    }

    Loader {
        anchors.fill: parent
        active: window.screenModel.release.asked
        sourceComponent: OperatorPin { release: window.screenModel.release }
    }

    Rectangle {
        objectName: "dim"
        anchors.fill: parent
        color: "black"
        visible: opacity > 0
        opacity: window.dims && window.screenModel.presence.asleep ? 0.55 : 0

        Behavior on opacity { NumberAnimation { duration: Theme.calm } }
    }
}
