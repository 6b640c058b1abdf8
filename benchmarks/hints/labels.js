// The peer: labels as extensions of browsers make them. All that can be clicked is found in the document, and an element
// that holds a label is put over each. Answers through the title when the labels have been painted.
(() => {
  const began = performance.now();
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [onclick], [role=button], " +
    "[role=link], [role=tab], [role=menuitem], [tabindex]:not([tabindex='-1'])";
  const seen = [];
  for (const element of document.querySelectorAll("*")) {
    if (!element.matches(wanted) || element.disabled) continue;
    const box = [...element.getClientRects()].find((one) => one.width > 1 && one.height > 1);
    if (!box || box.bottom <= 0 || box.right <= 0 || box.top >= innerHeight || box.left >= innerWidth) continue;
    const looks = getComputedStyle(element);
    if (looks.visibility === "hidden" || looks.pointerEvents === "none") continue;
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!top || (top !== element && !element.contains(top) && !top.contains(element))) continue;
    seen.push(box);
  }
  const letters = "asdfghjkl";
  const labels = [""];
  for (let at = 0; labels.length - at < seen.length || labels.length === 1; at++)
    for (const letter of letters) labels.push(labels[at] + letter);
  const home = document.createElement("div");
  home.id = "labels";
  seen.forEach((box, at) => {
    const label = document.createElement("div");
    label.textContent = labels[labels.length - 1 - at];
    label.style.cssText = `position: fixed; left: ${box.left}px; top: ${box.top}px; padding: 1px 3px; z-index: 9999; ` +
      "font: bold 11px sans-serif; color: #302505; background: #ffe27a; border: 1px solid #8a6d00";
    home.append(label);
  });
  document.documentElement.append(home);
  requestAnimationFrame(() => requestAnimationFrame(() => {
    document.title = `painted ${performance.now() - began} ${seen.length}`;
    home.remove();
  }));
})();
