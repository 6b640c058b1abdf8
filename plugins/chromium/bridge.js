// The page's end of the bridge: questions with answers, and events of views. Only in the main frame of a page of the app.
(() => {
  if (window.top !== window || location.origin !== "__ORIGIN__" && location.protocol + "//" + location.host !== "__ORIGIN__") return;
  if (typeof qt === "undefined" || !qt.webChannelTransport) return;
  const waiting = new Map(), views = new Map();
  let number = 0;
  const opened = new Promise((resolve) => {
    new QWebChannel(qt.webChannelTransport, (channel) => {
      const bridge = channel.objects.espalier;
      bridge.told.connect((text) => {
        const message = JSON.parse(text);
        if (message.number !== undefined) {
          const resolve = waiting.get(message.number);
          waiting.delete(message.number);
          if (resolve) resolve(message);
        } else if (views.has(message.view)) views.get(message.view)(message);
      });
      resolve(bridge);
    });
  });
  const ask = async (what, values) => {
    const bridge = await opened;
    return new Promise((resolve) => {
      const mine = ++number;
      waiting.set(mine, resolve);
      bridge.hear(JSON.stringify({ ...values, number: mine, what }));
    });
  };
  const espalier = Object.freeze({
    ask,
    // A view of a layout: {view, title, columns, fields} or {error}; `told` gets its events.
    async open(layout, told) {
      const answer = await ask("open", { layout });
      if (!answer.error && told) views.set(answer.view, told);
      return answer;
    },
    close(view) { views.delete(view); return ask("close", { view }); },
  });
  Object.defineProperty(window, "espalier", { value: espalier, configurable: false, writable: false });
})();
