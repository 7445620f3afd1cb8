// Prints the slip as soon as all of it is there; also from a hidden frame of another page of ours.
"use strict";

addEventListener("load", () => window.print());
