pragma Singleton
import QtQuick

// Every colour, type size and spacing of both screens. Sizes are design units: one unit is one
// pixel on a 1080p display, upright or lying.
QtObject {
    id: theme

    property real unit: 1
    property bool largeText: false
    property bool highContrast: false
    readonly property real textUnit: largeText ? 1.22 * unit : unit

    readonly property color ground: highContrast ? "#000000" : "#0b0e14"
    readonly property color raised: highContrast ? "#000000" : "#141a24"
    readonly property color hairline: highContrast ? "#ffffff" : "#263040"
    readonly property color ink: highContrast ? "#ffffff" : "#f4f1ea"
    readonly property color inkSoft: highContrast ? "#ffffff" : "#a9b2c0"
    readonly property color accent: highContrast ? "#ffc978" : "#ffb35c"
    readonly property color accentInk: "#1d1204"
    readonly property color good: highContrast ? "#a6ecc6" : "#8ecfaa"
    readonly property color mirrorGround: "#000000"

    readonly property color planFloor: highContrast ? "#000000" : "#111722"
    readonly property color planRoom: highContrast ? "#101010" : "#1a2230"
    readonly property color planLine: highContrast ? "#8a93a0" : "#2b3748"
    readonly property color planWall: highContrast ? "#d7dce4" : "#46546a"
    readonly property color planFixture: highContrast ? "#2a2a2a" : "#232d3d"
    readonly property color person: "#fff3df"

    // What is written on what; a test computes the contrast of each pair.
    readonly property var textPairs: [
        [ink, ground], [inkSoft, ground], [accent, ground],
        [ink, raised], [inkSoft, raised], [accent, raised],
        [accentInk, accent], [ground, ink], [ink, mirrorGround], [inkSoft, mirrorGround], [accent, mirrorGround], [good, mirrorGround],
        [good, raised], [ground, good],
        [ink, planRoom], [inkSoft, planRoom], [ink, planFloor], [inkSoft, planFloor]
    ]

    readonly property string family: "Noto Sans SC"
    readonly property string displayFamily: "Noto Sans SC Light"

    readonly property real giant: 264 * unit
    readonly property real display: 124 * unit
    readonly property real headline: 68 * textUnit
    readonly property real title: 46 * textUnit
    readonly property real subtitle: 36 * textUnit
    readonly property real body: 30 * textUnit
    readonly property real small: 25 * textUnit
    readonly property real smallest: 22 * textUnit

    readonly property real margin: 64 * unit
    readonly property real gap: 32 * unit
    readonly property real gapSmall: 16 * unit
    readonly property real gapTiny: 8 * unit
    readonly property real radius: 28 * unit
    readonly property real touch: 72 * unit
    readonly property real line: Math.max(1, 2 * unit)

    readonly property int quick: 150
    readonly property int calm: 300
}
