// Shows each step of a signup with its result while it happens.
"use strict";

const list = document.getElementById("steps");
const waits = document.getElementById("waits");
const PAUSE = 700; // ms
const PATIENCE = 20000; // ms without news, until the page says what may be the matter
let newest = "";
let changed = Date.now();

async function look() {
  const answer = await fetch(list.dataset.address, { cache: "no-store" });
  if (answer.redirected) {
    window.location.reload(); // signed out: to sign in, and back here
  }
  if (!answer.ok || answer.redirected) {
    return;
  }
  const { status, steps } = await answer.json();
  if (status !== list.dataset.status) {
    window.location.reload();
  }
  show(steps);
}

function show(steps) {
  if (JSON.stringify(steps) !== newest) {
    newest = JSON.stringify(steps);
    changed = Date.now();
  }
  steps.forEach((step, place) => {
    const item = list.children[place];
    item.dataset.state = step.state;
    item.querySelector("bdi").textContent = step.said;
  });
}

function lookAgain() {
  waits.hidden = Date.now() - changed < PATIENCE;
  setTimeout(() => look().catch(() => {}).finally(lookAgain), PAUSE); // a connection that failed: the next look tells
}

lookAgain();
