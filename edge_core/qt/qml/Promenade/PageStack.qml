import QtQuick
import QtQuick.Controls.Basic

// Shows one page by its name. The next one is there at once and fades in the rest of the way, so that
// a touch is answered in the first frame; the one before goes, for two pages over each other would
// cost twice the drawing.
//
// Making a page costs as much as drawing it. So pages are made in quiet moments before they are asked
// for: at home the one that a first touch leads to, and the others once somebody is here. Each is shown
// once and then made anew, so that nothing is left in it of who was here or where they had scrolled to.
StackView {
    id: stack

    required property string page
    required property var pages
    required property string home
    required property string entry
    readonly property var made: ({})
    readonly property var worn: ({})
    readonly property var ready: stack.page === stack.home ? [stack.home, stack.entry]
                                                           : Object.keys(stack.pages)

    function madePage(name: string): Item {
        if (!stack.made[name])
            stack.made[name] = stack.pages[name].createObject(stack, {
                visible: false,
                width: Qt.binding(() => stack.width),
                height: Qt.binding(() => stack.height)
            });
        return stack.made[name];
    }

    function showPage() {
        stack.replaceCurrentItem(stack.madePage(stack.page));
        stack.worn[stack.page] = true;
        quiet.restart();
    }

    // One at a time, for each keeps a touch waiting for as long as it takes.
    function makeNext() {
        const next = stack.ready.find(name => !stack.made[name]);
        if (next)
            stack.madePage(next);
        else
            quiet.stop();
    }

    function letGo(unwanted: var) {
        for (const name of Object.keys(stack.made)) {
            if (stack.made[name] !== stack.currentItem && unwanted(name)) {
                stack.made[name].destroy();
                delete stack.made[name];
                delete stack.worn[name];
            }
        }
    }

    objectName: "pages"
    onPageChanged: if (stack.depth > 0) showPage()
    Component.onCompleted: {
        stack.pushItem(stack.madePage(stack.page), {}, StackView.Immediate);
        stack.worn[stack.page] = true;
        quiet.start();
    }

    replaceEnter: Transition {
        NumberAnimation { property: "opacity"; from: 0.4; to: 1; duration: Theme.quick }
    }
    replaceExit: Transition {
        PropertyAction { property: "opacity"; value: 0 }
    }

    Connections {
        target: Ahead

        function onAllWillChange() {
            if (stack.busy)
                return;
            stack.letGo(name => name !== stack.home || stack.worn[name]);
            quiet.restart();
        }
    }

    Timer {
        id: quiet

        interval: 250
        repeat: true
        onTriggered: {
            if (stack.busy)
                return;
            stack.letGo(name => stack.worn[name] || !stack.ready.includes(name));
            stack.makeNext();
        }
    }
}
