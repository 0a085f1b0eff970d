// Pre-review by keyboard, and pictures that zoom and turn; the page works without this file.
"use strict";

const STEP = 1.25;
const LEAST = 0.25;
const MOST = 8;
const KEYS_OFF = "pre-review-keys-off";

// A picture in a pane of its own. Turning and zooming change the view alone, never the file.
class Viewer {
  constructor(element) {
    this.picture = element.querySelector("img");
    this.zoom = 1;
    this.turns = 0;
    this.pane = document.createElement("div");
    this.pane.className = "viewer__pane";
    this.pane.tabIndex = 0;
    this.pane.setAttribute("role", "group");
    this.pane.setAttribute("aria-label", `${this.picture.alt}，可以放大和旋转`);
    this.sheet = document.createElement("div");
    this.sheet.className = "viewer__sheet";
    this.picture.replaceWith(this.pane);
    this.pane.append(this.sheet);
    this.sheet.append(this.picture);
    element.prepend(this.tools());
    this.picture.addEventListener("load", () => this.draw());
    window.addEventListener("resize", () => this.draw());
    this.draw();
  }

  tools() {
    const bar = document.createElement("div");
    bar.className = "viewer__tools";
    const actions = [
      ["放大", () => this.scale(STEP)],
      ["缩小", () => this.scale(1 / STEP)],
      ["还原", () => this.reset()],
      ["向左转", () => this.turn(-1)],
      ["向右转", () => this.turn(1)],
    ];
    for (const [label, act] of actions) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-secondary btn-sm";
      button.textContent = label;
      button.addEventListener("click", act);
      bar.append(button);
    }
    return bar;
  }

  scale(factor) {
    const { left, top } = this.middle();
    this.zoom = Math.min(MOST, Math.max(LEAST, this.zoom * factor));
    this.draw();
    this.show(left, top);
  }

  // What is seen in the middle, as shares of the sheet.
  middle() {
    const { pane, sheet } = this;
    return {
      left: (pane.scrollLeft + pane.clientWidth / 2) / sheet.offsetWidth,
      top: (pane.scrollTop + pane.clientHeight / 2) / sheet.offsetHeight,
    };
  }

  show(left, top) {
    const { pane, sheet } = this;
    pane.scrollLeft = left * sheet.offsetWidth - pane.clientWidth / 2;
    pane.scrollTop = top * sheet.offsetHeight - pane.clientHeight / 2;
  }

  // The pane that is being moved takes the others along, so that the same place is compared.
  lead(others) {
    this.pane.addEventListener("scroll", () => {
      if (this.pane.matches(":hover, :focus")) {
        const { left, top } = this.middle();
        others.forEach((other) => other.show(left, top));
      }
    });
  }

  turn(quarters) {
    this.turns = (this.turns + quarters + 4) % 4;
    this.draw();
  }

  reset() {
    this.zoom = 1;
    this.turns = 0;
    this.draw();
  }

  draw() {
    const width = Number(this.picture.getAttribute("width"));
    const height = Number(this.picture.getAttribute("height"));
    if (!width || !height) {
      return;
    }
    const isSideways = this.turns % 2 === 1;
    const seen = isSideways ? height : width;
    const factor = (Math.min(this.pane.clientWidth - 2, seen) / seen) * this.zoom;
    this.picture.style.width = `${width * factor}px`;
    this.picture.style.transform = `translate(-50%, -50%) rotate(${this.turns * 90}deg)`;
    this.sheet.style.width = `${(isSideways ? height : width) * factor}px`;
    this.sheet.style.height = `${(isSideways ? width : height) * factor}px`;
  }
}

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
    const digit = document.createElement("kbd");
    digit.textContent = String(place + 1);
    digit.className = "me-1";
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
  viewers.forEach((viewer) => viewer.lead(viewers.filter((other) => other !== viewer)));
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

document.addEventListener("DOMContentLoaded", start);
