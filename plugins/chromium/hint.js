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
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (!element.matches(wanted) || element.disabled) continue;
      let box = null;
      for (const one of element.getClientRects()) if (!box && one.width > 1 && one.height > 1) box = one;
      if (!box || box.bottom <= 0 || box.right <= 0 || box.top >= innerHeight || box.left >= innerWidth) continue;
      const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
      const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
      const top = root.elementFromPoint(x, y);
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
        ...[box.left, box.top, box.width, box.height].map((one) => Math.round(one * zoom)),
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
