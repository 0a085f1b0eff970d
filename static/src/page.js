// Address of the page, and messages in the live region that every page has on top.
import { element } from "./elements.js";

const CARRIED = "upload-told";

function liveRegion() {
  return document.querySelector("main > [aria-live]");
}

// A page that answers a form stands at that form's address; it names the one to read it at.
export function pageAddress() {
  return document.querySelector("[data-from]").dataset.from;
}

export function announce(text) {
  liveRegion().append(element("p", "visually-hidden", text));
}

// Shown once on the page that is loaded next.
export function showAfterReload(text) {
  sessionStorage.setItem(CARRIED, text);
  // Where something may be typed already, a button of its form loads the page and sends that along.
  const button = document.querySelector("[data-reload]");
  if (button) {
    button.form.requestSubmit(button);
  } else {
    window.location.assign(pageAddress());
  }
}

export function showCarried() {
  const text = sessionStorage.getItem(CARRIED);
  sessionStorage.removeItem(CARRIED);
  const place = liveRegion();
  if (text && place) {
    const alert = element("div", "alert alert-success", text);
    alert.setAttribute("role", "status");
    place.append(alert);
  }
}
