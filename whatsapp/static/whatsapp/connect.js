// Meta's Embedded Signup: opens its window, hears how it went, and hands the code over. What is heard is a hint; the server proves it.
"use strict";

const meta = document.getElementById("meta");
const connect = document.getElementById("connect");
const reconnects = [...document.querySelectorAll("form.reconnect")];
const buttons = [connect, ...reconnects.map((form) => form.querySelector("button"))];
const origins = meta.dataset.origins.split(" ");
const HEARD_WITHIN = 1500; // ms: the window's last message may come after its code
const ENDINGS = ["FINISH", "FINISH_ONLY_WABA", "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING", "FINISH_OBO_MIGRATION", "FINISH_GRANT_ONLY_API_ACCESS"];
const SIGNED_OUT = "You were signed out meanwhile. Load this page again to sign in, then press Connect.";
const REFUSED = meta.dataset.refused || "You signed in anew meanwhile, or may not connect this business any more. Load this page again, and press Connect.";
const BUSY = "Many businesses are being connected just now. Press Connect again in a few seconds.";
const BUSY_PAUSE = 5000; // ms
const BUSY_TRIES = 4; // Meta's code lives for half a minute
const FAILED = "The platform did not answer. Load this page again to see whether it was connected.";
const LEFT = "Nothing was connected: you left Meta's window before the end. You can try again at any time.";
const REASONS = { 403: REFUSED, 410: REFUSED, 429: REFUSED, 503: BUSY };
let heard = null;
let isReady = false; // Meta's script is there
let told = document.getElementById("told"); // where the button that was pressed says how it goes

function say(words) {
  told.textContent = words;
}

function metasWords() {
  return String(heard.data.error_message || "").replace(/\.$/, "");
}

// One window at a time: a second one would spoil the first.
function enable(isEnabled) {
  for (const button of buttons) {
    button.disabled = !isEnabled;
  }
}

window.addEventListener("message", (event) => {
  if (!origins.includes(event.origin)) {
    return;
  }
  let message;
  try {
    message = typeof event.data === "string" ? JSON.parse(event.data) : event.data;
  } catch {
    return;
  }
  if (!message || message.type !== "WA_EMBEDDED_SIGNUP") {
    return;
  }
  heard = { event: message.event, data: message.data || {} };
  if (message.event === "CANCEL") {
    say(heard.data.error_message ? `Meta says: ${metasWords()}. ${LEFT}` : LEFT);
  } else if (message.event === "ERROR") {
    say(`Meta says: ${metasWords() || "something went wrong"}. Nothing was connected: press Connect to try again.`);
  }
});

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

async function ending() {
  for (let waited = 0; waited < HEARD_WITHIN && !(heard && ENDINGS.includes(heard.event)); waited += 100) {
    await pause(100);
  }
  return heard || { event: "", data: {} };
}

async function asked(address, options) {
  const answer = await fetch(address, { cache: "no-store", ...options });
  if (!answer.ok || answer.redirected) {
    throw new Error(answer.redirected ? SIGNED_OUT : REASONS[answer.status] || FAILED);
  }
  return answer.json();
}

// Nothing was used up by who was told to come back.
async function patiently(ask) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (error.message !== BUSY || tries === BUSY_TRIES) {
        throw error;
      }
      say("Many businesses are being connected just now. One moment …");
      await pause(BUSY_PAUSE);
    }
  }
}

// The state is fetched last: people may stay in Meta's window for longer than it lives.
async function handOver(code) {
  const { event, data } = await ending();
  const { state } = await asked(meta.dataset.state);
  const handedOver = {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
    body: JSON.stringify({ state, code, event, data }),
  };
  const { address } = await patiently(() => asked(meta.dataset.finish, handedOver));
  window.location.assign(address);
}

function finish(code) {
  say("Meta has answered. One moment …");
  handOver(code).catch((error) => {
    enable(true);
    say([SIGNED_OUT, REFUSED, BUSY].includes(error.message) ? error.message : FAILED);
  });
}

// Both scripts are deferred, so this one is here before Meta's looks for it.
window.fbAsyncInit = () => {
  window.FB.init({ appId: meta.dataset.app, autoLogAppEvents: true, xfbml: false, version: meta.dataset.version });
  meta.hidden = false;
  isReady = true;
};

function begin(button, place, words) {
  heard = null;
  say("");
  told = place;
  enable(false);
  say(words);
  window.FB.login(
    (response) => {
      if (response.authResponse && response.authResponse.code) {
        finish(response.authResponse.code);
        return;
      }
      enable(true);
      button.focus();
      if (!heard || !["CANCEL", "ERROR"].includes(heard.event)) {
        say(LEFT);
      }
    },
    {
      config_id: meta.dataset.config,
      response_type: "code",
      override_default_response_type: true,
      extras: { setup: {} },
    },
  );
}

connect.addEventListener("click", () => begin(connect, document.getElementById("told"), "Go on in Meta's window."));

// Without Meta's script the form itself goes on, to Meta's own page.
for (const form of reconnects) {
  form.addEventListener("submit", (event) => {
    if (!isReady) {
      return;
    }
    event.preventDefault();
    const words = `Go on in Meta's window, and choose ${form.dataset.number} there.`;
    begin(form.querySelector("button"), form.querySelector("[role=status]"), words);
  });
}

// A page that the browser kept when it was left shows what was, and waits for nothing any more.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});
