// What a page gains when scripts run; every page works without this file.
import { enlargeByClick } from "./enlarge.js";

// A screen reader hears first what went wrong, and the keyboard starts there.
function focusErrorSummary() {
  const summary = document.querySelector(".error-summary");
  if (summary) {
    summary.focus();
  }
}

// The server treats a repeated POST as one; this only spares the user the second wait.
function holdSecondSubmit(event) {
  const form = event.target;
  if (form.dataset.submitted === "yes") {
    event.preventDefault();
    return;
  }
  form.dataset.submitted = "yes";
  // A form that answers with a download leaves the page where it is.
  setTimeout(() => delete form.dataset.submitted, 5000);
}

// A page that comes back from the browser's cache may be sent again.
function releaseForms() {
  for (const form of document.querySelectorAll("form[data-submitted]")) {
    delete form.dataset.submitted;
  }
}

// A phrase of the bank goes to the end of the text that it is for, ready to be changed; it brings
// its conclusion along.
function fillIn(button) {
  const field = document.getElementById(button.dataset.fill);
  const { conclusion, text } = button.dataset;
  // A phrase that concludes takes the place of one that concludes otherwise; others are added.
  const others = [...document.querySelectorAll("[data-fill]")].filter(
    (one) => conclusion && one.dataset.conclusion && one.dataset.conclusion !== conclusion,
  );
  const kept = others.reduce((words, one) => words.replaceAll(one.dataset.text, ""), field.value);
  field.value = kept.includes(text) ? kept : kept + text;
  const choice = field.form.querySelector(`input[name=conclusion][value="${conclusion}"]`);
  if (choice) {
    choice.checked = true;
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

// Printing by a button needs scripts; without them the browser's own menu prints.
function showPrintButtons() {
  for (const button of document.querySelectorAll("[data-print][hidden]")) {
    button.hidden = false;
  }
}

// On a desk there is room for what a phone folds away.
function unfoldOnDesks() {
  if (window.matchMedia("(min-width: 992px)").matches) {
    for (const fold of document.querySelectorAll("details[data-open-wide]")) {
      fold.open = true;
    }
  }
}

// A slash puts the cursor into the search box, as long as nobody is typing.
function findBySlash(event) {
  const box = document.querySelector("[data-find]");
  if (event.key !== "/" || !box || event.target.closest("input, textarea, select")) {
    return;
  }
  event.preventDefault();
  box.focus();
}

focusErrorSummary();
showPrintButtons();
unfoldOnDesks();
enlargeByClick();
document.addEventListener("submit", (event) => {
  if (event.target.method === "post") {
    holdSecondSubmit(event);
  }
});
document.addEventListener("keydown", findBySlash);
window.addEventListener("pageshow", releaseForms);
document.addEventListener("click", (event) => {
  const phrase = event.target.closest("[data-fill]");
  if (phrase) {
    fillIn(phrase);
  }
  if (event.target.closest("[data-print]")) {
    window.print();
  }
});
