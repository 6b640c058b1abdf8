// What can be chosen in the page, in sight and not covered. Runs in a world of its own.
var espalierFound = [];
// Each as left, top, width and height in pixels of the view (zoom of them for one of the page), text, role and address.
function espalierTargets(zoom) {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable=''], " +
    "[contenteditable=true], [role=button], [role=link], [role=tab], [role=menuitem], [role=checkbox], [role=option], " +
    "[onclick], [tabindex]:not([tabindex='-1'])";
  espalierFound = [];
  const told = [];
  // Without elements within, a text is the same however it is laid out, but for what is never shown.
  const textOf = (element) => (element.firstElementChild || element.localName === "textarea" ? element.innerText : element.textContent);
  const right = innerWidth, bottom = innerHeight;
  const boxOf = (element) => {
    const boxes = element.getClientRects();
    for (let at = 0; at < boxes.length; at++) if (boxes[at].width > 1 && boxes[at].height > 1) return boxes[at];
    return null;
  };
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (!element.matches(wanted) || element.disabled) continue;
      const box = boxOf(element);
      if (!box) continue;
      const {left: x, top: y, width, height} = box;
      if (y + height <= 0 || x + width <= 0 || y >= bottom || x >= right) continue;
      const top = root.elementFromPoint(
        Math.min(Math.max(x + width / 2, 0), right - 1), Math.min(Math.max(y + height / 2, 0), bottom - 1));
      if (top !== element) {
        if (top && !element.contains(top) && !top.contains(element)) continue;
        // What is hit is seen and takes the mouse; only of the others the looks have to be asked for.
        const looks = getComputedStyle(element);
        if (looks.visibility === "hidden" || looks.pointerEvents === "none") continue;
      }
      espalierFound.push(element);
      const isField = element.matches("input, select, textarea, [contenteditable]");
      const isLink = element.localName === "a";
      told.push([
        Math.round(x * zoom), Math.round(y * zoom), Math.round(width * zoom), Math.round(height * zoom),
        String(element.getAttribute("aria-label") || textOf(element) || element.value || element.placeholder ||
          element.title || "").trim().slice(0, 120),
        element.getAttribute("role") || (isLink ? "link" : isField ? "field" : "button"),
        // A link within a drawing has no text as its address.
        isLink && typeof element.href === "string" ? element.href : "",
      ]);
    }
  };
  walk(document);
  return JSON.stringify(told);
}
function espalierFocus(place) {
  const element = espalierFound[place];
  if (!element || !element.isConnected) return null;
  element.focus();
  return element;
}
function espalierChoose(place) {
  const element = espalierFocus(place);
  if (!element) return;
  const types = ["button", "submit", "reset", "checkbox", "radio", "file", "image", "color"];
  const isText = element.matches("textarea, select, [contenteditable]") ||
    (element.matches("input") && !types.includes(element.type));
  if (!isText) element.click();
}
