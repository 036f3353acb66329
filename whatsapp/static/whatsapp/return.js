// Leads who has connected a number by a link back to where the link came from. The page itself does not stay in the history: Back does not lead to it.
"use strict";

const PAUSE = 3000; // ms, to see that it is connected

setTimeout(() => window.location.replace(document.getElementById("back").href), PAUSE);
