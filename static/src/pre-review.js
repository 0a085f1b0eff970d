// Pre-review by keyboard, pictures that zoom and turn, what was typed kept from page to page, and
// who else has the case open; the page works without this file.
import { keepDrafts } from "./drafts.js";
import { element } from "./elements.js";
import { refreshParts } from "./fresh.js";
import { STEP, Viewer } from "./viewer.js";

const KEYS_OFF = "pre-review-keys-off";

function isTyping(target) {
  return target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
}

function tickReason(number) {
  const boxes = document.querySelectorAll("form[data-reasons] input[type=checkbox]");
  const box = boxes[number - 1];
  if (box) {
    box.checked = !box.checked;
    box.focus();
  }
}

// The digit that ticks a reason stands before it.
function showDigits() {
  const labels = document.querySelectorAll("form[data-reasons] input[type=checkbox] + label");
  [...labels].slice(0, 9).forEach((label, place) => {
    const digit = element("kbd", "me-1", String(place + 1));
    digit.setAttribute("aria-hidden", "true");
    label.prepend(digit);
  });
}

function tickAll(form) {
  for (const box of form.querySelectorAll("input[type=checkbox]")) {
    box.checked = true;
  }
  form.requestSubmit();
}

// Links are followed and pressed; what decides a case is only gone to, Enter does it.
function press(key) {
  // What was not uploaded has no rules to tick off: on to the next page all the same.
  const target =
    document.querySelector(`[data-key="${key}"]`) ??
    (key === "k" ? document.querySelector('[data-key="n"]') : null);
  if (!target) {
    return false;
  }
  if (key === "d") {
    target.focus();
  } else {
    target.click();
  }
  return true;
}

const LOOK_MS = 60 * 1000;
const IDLE_MS = 10 * 60 * 1000;

// Once a minute while somebody works here, who else has opened the case.
function watchOthers() {
  let lastAct = Date.now();
  const note = () => {
    lastAct = Date.now();
  };
  document.addEventListener("pointermove", note, { passive: true });
  document.addEventListener("keydown", note);
  setInterval(async () => {
    if (document.hidden || Date.now() - lastAct > IDLE_MS) {
      return;
    }
    try {
      await refreshParts("others");
    } catch {
      // The network is away; another look follows.
    }
  }, LOOK_MS);
}

function start() {
  const viewers = [...document.querySelectorAll("[data-viewer]")].map((one) => new Viewer(one));
  const keys = document.querySelector("[data-keys]");
  const useKeys = document.getElementById("use-keys");
  keys.hidden = false;
  useKeys.checked = localStorage.getItem(KEYS_OFF) !== "yes";
  useKeys.addEventListener("change", () => {
    localStorage.setItem(KEYS_OFF, useKeys.checked ? "no" : "yes");
  });
  for (const button of document.querySelectorAll("[data-tick-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => tickAll(button.form));
  }
  showDigits();
  viewers.forEach((viewer) => viewer.compareWith(viewers));
  keepDrafts();
  watchOthers();
  // The arrow keys then move the picture.
  const all = (act) => () => {
    viewers.forEach(act);
    viewers[0]?.pane.focus({ preventScroll: true });
  };
  const actions = {
    "+": all((viewer) => viewer.scale(STEP)),
    "=": all((viewer) => viewer.scale(STEP)),
    "-": all((viewer) => viewer.scale(1 / STEP)),
    0: all((viewer) => viewer.reset()),
    r: all((viewer) => viewer.turn(1)),
    l: all((viewer) => viewer.turn(-1)),
    w: () => document.querySelector("form[data-reasons] textarea")?.focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isTyping(event.target)) {
      event.target.blur();
      return;
    }
    const isShortcut = useKeys.checked && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!isShortcut || event.repeat || event.isComposing || isTyping(event.target)) {
      return;
    }
    const key = event.key.toLowerCase();
    if (/^[1-9]$/.test(key)) {
      tickReason(Number(key));
    } else if (actions[key]) {
      actions[key]();
    } else if (!press(key)) {
      return;
    }
    event.preventDefault();
  });
}

start();
