// What was typed and ticked in pre-review and not sent yet, kept while one goes from page to page:
// in this tab alone, under the person's own name, until it is sent.
import { element } from "./elements.js";

const PREFIX = "pre-review-draft:";
const KINDS = ["reasons", "reading"];

function keyOf(bench, kind, number) {
  return `${PREFIX}${bench.dataset.person}:${bench.dataset.case}:${kind}:${number}`;
}

function fieldsOf(form) {
  return [...form.querySelectorAll("input[type=checkbox], textarea")];
}

// By name and value of the fields, so that a list that has changed since takes no harm.
function stateOf(form) {
  return fieldsOf(form).map((field) =>
    field.type === "checkbox"
      ? [field.name, field.value, field.checked]
      : [field.name, null, field.value],
  );
}

function restore(form, kept) {
  for (const [name, value, state] of kept) {
    for (const field of fieldsOf(form).filter((one) => one.name === name)) {
      if (field.type !== "checkbox") {
        field.value = state;
      } else if (field.value === value) {
        field.checked = state;
      }
    }
  }
}

function keep(form, key) {
  const atFirst = JSON.stringify(stateOf(form));
  const kept = sessionStorage.getItem(key);
  // What came back refused from the server is newer than what was kept.
  if (kept && !form.querySelector(".error-summary")) {
    restore(form, JSON.parse(kept));
  }
  const save = () => {
    const now = JSON.stringify(stateOf(form));
    if (now === atFirst) {
      sessionStorage.removeItem(key);
    } else {
      sessionStorage.setItem(key, now);
    }
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
}

// A stop where words wait that were not noted says so.
function markStops(bench) {
  for (const stop of bench.querySelectorAll("[data-stop]")) {
    const waits = sessionStorage.getItem(keyOf(bench, "reasons", stop.dataset.stop));
    if (waits) {
      stop.lastElementChild.append(element("span", "bench-stops__words", " 写了没有记下"));
    }
  }
}

// Nothing of another person, or of another case, stays behind in this tab.
function forgetOthers(bench) {
  const mine = `${PREFIX}${bench.dataset.person}:`;
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(PREFIX) && !key.startsWith(mine))
    .forEach((key) => sessionStorage.removeItem(key));
}

export function keepDrafts() {
  const bench = document.querySelector("[data-case]");
  forgetOthers(bench);
  for (const kind of KINDS) {
    const form = bench.querySelector(`form[data-${kind}]`);
    if (form) {
      keep(form, keyOf(bench, kind, bench.dataset.sheet));
    }
  }
  markStops(bench);
}
