// Shows each step of a signup with its result while it happens; those that are done fold into one line.
"use strict";

const shown = document.getElementById("steps");
const folded = shown.querySelector("details");
const lists = { done: shown.querySelector("[data-of=done]"), open: shown.querySelector("[data-of=open]") };
const waits = document.getElementById("waits");
const PAUSE = 700; // ms
const PATIENCE = 20000; // ms without news, until the page says what may be the matter
let newest = "";
let changed = Date.now();

async function look() {
  const answer = await fetch(shown.dataset.address, { cache: "no-store" });
  if (answer.redirected) {
    window.location.reload(); // signed out: to sign in, and back here
  }
  if (!answer.ok || answer.redirected) {
    return;
  }
  const { status, steps } = await answer.json();
  if (status !== shown.dataset.status) {
    window.location.reload();
  }
  show(steps);
}

function show(steps) {
  if (JSON.stringify(steps) === newest) {
    return;
  }
  newest = JSON.stringify(steps);
  changed = Date.now();
  for (const step of steps) {
    const item = shown.querySelector(`[data-name="${step.name}"]`);
    const list = step.state === "done" ? lists.done : lists.open;
    item.dataset.state = step.state;
    item.querySelector("bdi").textContent = step.said;
    if (item.parentElement !== list) {
      list.append(item);
    }
  }
  count(steps);
}

function count(steps) {
  const done = steps.filter((step) => step.state === "done").length;
  const words = `${done} of ${steps.length} steps ${done === 1 ? "is" : "are"} done`;
  const now = steps.find((step) => step.state === "under way");
  folded.hidden = done === 0;
  folded.querySelector("summary").textContent = words;
  shown.querySelector("[role=status]").textContent = now ? `${words}. Now: ${now.title}.` : `${words}.`;
}

function lookAgain() {
  waits.hidden = Date.now() - changed < PATIENCE;
  setTimeout(() => look().catch(() => {}).finally(lookAgain), PAUSE); // a connection that failed: the next look tells
}

lookAgain();
