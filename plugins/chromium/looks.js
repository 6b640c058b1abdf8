// The theme's tokens as CSS variables of the page, and its scheme.
(() => {
  const looks = __LOOKS__;
  const dress = () => {
    const root = document.documentElement;
    if (!root) return false;
    for (const [name, value] of Object.entries(looks.variables)) root.style.setProperty(name, value);
    root.style.colorScheme = looks.scheme;
    root.dataset.scheme = looks.scheme;
    document.dispatchEvent(new CustomEvent("espalier-theme", { detail: looks.scheme }));
    return true;
  };
  if (!dress()) new MutationObserver((_, watcher) => { if (dress()) watcher.disconnect(); })
    .observe(document, { childList: true });
})();
