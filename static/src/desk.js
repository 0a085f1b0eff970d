// The desk's screen: who it is and what may be answered, found while one types. Without this file
// the buttons 查找 and 找答案 do the same by loading the page.

const PAUSE = 250;
const LEAST = 2;

const form = document.querySelector("[data-desk]");

// Calls `act` once nothing was typed for a moment; an answer that comes late is dropped.
function whileTyping(field, act) {
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(act, PAUSE);
  });
}

async function load(place, request) {
  place.dataset.asked = String(Number(place.dataset.asked || 0) + 1);
  const mine = place.dataset.asked;
  try {
    const response = await fetch(...request);
    if (!response.ok || place.dataset.asked !== mine) return;
    const found = await response.json();
    if (place.dataset.asked === mine) place.innerHTML = found.html;
  } catch {
    // The button is still there, and says what is wrong.
  }
}

function lookUp() {
  const words = form.elements.words.value.trim();
  if (words.length === 1) return;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("words", words);
  const chosen = form.querySelector("[name=subject]:checked");
  if (chosen) body.set("subject", chosen.value);
  const headers = { Accept: "application/json" };
  load(form.querySelector("[data-callers]"), [
    form.dataset.lookUp,
    { method: "POST", body, headers },
  ]);
}

function findAnswers() {
  const words = form.querySelector("[data-faq]").value.trim();
  if (words.length < LEAST) return;
  const address = `${form.dataset.answers}?q=${encodeURIComponent(words)}`;
  load(form.querySelector("[data-answers-found]"), [address]);
}

// Taking an answer puts it where it can still be changed; nothing that was typed is lost.
function take(radio) {
  const text = radio.closest("details").querySelector("[data-answer-text]").textContent.trim();
  const answer = form.elements.answer;
  const typed = answer.value.trim();
  if (!typed.includes(text)) answer.value = typed ? `${typed}\n\n${text}` : text;
}

whileTyping(form.elements.words, lookUp);
const faq = form.querySelector("[data-faq]");
if (faq) {
  whileTyping(faq, findAnswers);
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-take]")) take(event.target);
  });
}
for (const button of form.querySelectorAll("[data-look-button]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    if (button.value === "who") lookUp();
    else findAnswers();
  });
}
