import QtQuick

// The time of day, large and light.
Label {
    required property QtObject clock

    text: clock.time
    font.family: Theme.displayFamily
    font.pixelSize: Theme.display
    lineHeight: 0.8
}
