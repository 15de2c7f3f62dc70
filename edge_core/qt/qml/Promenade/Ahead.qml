pragma Singleton

import QtQuick

// A finger is on something that changes every page: told before it is lifted, so that pages made
// ahead are gone by then and need not follow.
QtObject {
    signal allWillChange()
}
