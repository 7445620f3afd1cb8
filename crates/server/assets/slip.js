// Makes the number fit the paper however many letters it has, and the page as long as the slip: paper on a roll has no height, and
// a style sheet can't say so. Prints it as soon as all of it is there, where it was asked for (data-prints); also from a hidden frame of another page of ours.
"use strict";

addEventListener("load", () => {
  const MM_PER_PX = 25.4 / 96, MARGINS_MM = 4, SPARE_MM = 3;
  const slip = document.getElementById("slip"), label = document.getElementById("label");
  const fits = Math.min(1, slip.clientWidth / label.scrollWidth);
  label.style.fontSize = `${parseFloat(getComputedStyle(label).fontSize) * fits}px`;
  const height = Math.ceil(slip.getBoundingClientRect().height * MM_PER_PX) + MARGINS_MM + SPARE_MM;
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (rule instanceof CSSPageRule) rule.style.setProperty("size", `${slip.dataset.mm}mm ${height}mm`);
    }
  }
  if ("prints" in slip.dataset) window.print();
});
