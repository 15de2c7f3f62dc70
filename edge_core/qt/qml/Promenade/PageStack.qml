import QtQuick
import QtQuick.Controls.Basic

// Shows one page by its name and fades to the next.
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
        NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick }
    }
    replaceExit: Transition {
        NumberAnimation { property: "opacity"; from: 1; to: 0; duration: Theme.quick }
    }
}
