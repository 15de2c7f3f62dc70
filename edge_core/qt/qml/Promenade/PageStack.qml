import QtQuick
import QtQuick.Controls.Basic

// Shows one page by its name. The next one is there at once and fades in the rest of the way, so that
// a touch is answered in the first frame; the one before goes, for two pages over each other would
// cost twice the drawing.
StackView {
    id: stack

    required property string page
    required property var pages

    function showPage() {
        stack.replaceCurrentItem(stack.pages[stack.page]);
    }

    objectName: "pages"
    initialItem: pages[page]
    onPageChanged: if (stack.depth > 0) showPage()

    replaceEnter: Transition {
        NumberAnimation { property: "opacity"; from: 0.4; to: 1; duration: Theme.quick }
    }
    replaceExit: Transition {
        PropertyAction { property: "opacity"; value: 0 }
    }
}
