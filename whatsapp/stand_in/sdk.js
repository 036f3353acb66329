// Stands in for Meta's script for web pages: FB.init, and FB.login with a window that tells the page what happened.
(() => {
  const origin = new URL(document.currentScript.src).origin;
  let app = {};
  let logins = 0;

  // A window as Meta's has it, where the browser lets us; else a frame nobody sees.
  const open = (address) => {
    const opened = window.open(address, "stand-in", "width=600,height=700");
    if (opened) return { close: () => opened.close(), isClosed: () => opened.closed };
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.src = address;
    document.body.append(frame);
    return { close: () => frame.remove(), isClosed: () => false };
  };

  window.FB = {
    init: (options) => { app = options; },

    login: (callback, options = {}) => {
      const cb = `login${++logins}`;
      const asked = { client_id: app.appId, config_id: options.config_id, cb };
      const shown = open(`${origin}/dialog/window?${new URLSearchParams(asked)}`);
      const finish = (code) => {
        window.removeEventListener("message", heard);
        clearInterval(watch);
        shown.close();
        callback(code ? { status: "connected", authResponse: { code } } : { status: "unknown", authResponse: null });
      };
      const heard = (message) => {
        if (message.origin !== origin || typeof message.data !== "string") return;
        const told = new URLSearchParams(message.data);
        if (told.get("cb") === cb) finish(told.get("code"));
      };
      const watch = setInterval(() => { if (shown.isClosed()) finish(""); }, 500);
      window.addEventListener("message", heard);
    },
  };
  if (window.fbAsyncInit) window.fbAsyncInit();
})();
