import QtQuick

// The time of day, large and light.
Label {
    required property QtObject clock

    objectName: "clock"
    text: clock.time
    font.family: Theme.displayFamily
    font.pixelSize: Theme.display
}
