import QtQuick

// How a request to the staff stands, in words.
QtObject {
    function clockTime(seconds) {
        return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    }
    function what(request) {
        if (request.name === "")
            return qsTr("Somebody to help you");
        return [request.name, request.colour, request.size].filter(part => part !== "").join(qsTr(", "));
    }
    function stands(request) {
        if (request.standing === "open")
            return qsTr("The staff has been told");
        if (request.standing === "accepted")
            return request.seconds > 0 ? qsTr("Coming in %1").arg(clockTime(request.seconds))
                                       : qsTr("Somebody is looking for it");
        if (request.standing === "on-the-way")
            return request.seconds > 0 ? qsTr("On the way, here in %1").arg(clockTime(request.seconds))
                                       : qsTr("On the way, here any moment");
        if (request.standing === "done")
            return qsTr("Here you are");
        if (request.standing === "expired")
            return qsTr("Nobody is free at the moment; please ask at the till");
        if (request.reason === "not-in-stock")
            return qsTr("Sorry, it is not in stock");
        if (request.reason === "busy")
            return qsTr("Sorry, everybody is busy just now");
        return qsTr("Please ask at the till");
    }
    function line(request) {
        return what(request) + " · " + stands(request);
    }
}
