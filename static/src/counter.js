// Counts the characters of a text as it is typed. The server holds the limit; nothing is cut here.

const CLOSE_TO_LIMIT = 20;

function countInto(note, field) {
  // By characters, as the server counts: a rare one is two units of JavaScript's.
  const written = [...field.value.trim()].length;
  const left = Number(field.dataset.counter) - written;
  note.textContent =
    left < 0 ? `已写${written}字，超出${-left}字，请缩短。` : `已写${written}字，还可以写${left}字。`;
  note.classList.toggle("text-danger", left < 0);
  note.setAttribute("aria-live", left <= CLOSE_TO_LIMIT ? "polite" : "off");
}

function countCharacters() {
  for (const field of document.querySelectorAll("textarea[data-counter]")) {
    const note = document.createElement("div");
    note.className = "form-text";
    note.id = `${field.id}_count`;
    field.after(note);
    field.addEventListener("input", () => countInto(note, field));
    countInto(note, field);
  }
}

countCharacters();
