// Brings the parts of a page that change by themselves up to date: after an upload, and when a
// machine has read what was uploaded. Without this file people reload the page.
import { announce, pageAddress } from "./page.js";

const FIRST_LOOK_MS = 2000;
const LONGEST_PAUSE_MS = 20000;
const GIVE_UP_MS = 10 * 60 * 1000;
const AWAITED = "[data-awaited]";

async function fetchPage() {
  const answer = await fetch(pageAddress(), { headers: { Accept: "text/html" } });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// What was chosen or typed in the other parts stays as it is.
function replaceParts(fresh, parts = "[data-fresh]") {
  for (const part of document.querySelectorAll(parts)) {
    const other = fresh.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
    if (other) {
      part.replaceWith(document.importNode(other, true));
    }
  }
  awaitFindings();
}

// All of them, or the one of this name.
export async function refreshParts(name = "") {
  replaceParts(await fetchPage(), name ? `[data-fresh="${name}"]` : "[data-fresh]");
}

function isHeld() {
  const part = document.activeElement?.closest("[data-fresh]");
  return document.hidden || Boolean(part);
}

// The page as it is by now, where the machine is done and nobody is in the middle of a part.
async function findingsThere() {
  if (isHeld()) {
    return null;
  }
  try {
    const fresh = await fetchPage();
    const isDone = fresh.querySelector("[data-fresh]") && !fresh.querySelector(AWAITED);
    return isDone && !isHeld() ? fresh : null;
  } catch {
    return null; // the network is away; another look follows
  }
}

let isWaiting = false;

async function awaitFindings() {
  const place = document.querySelector(AWAITED);
  if (!place || isWaiting) {
    return;
  }
  isWaiting = true;
  const untilReloaded = place.textContent;
  place.textContent = "结果会自动显示在这里。";
  const giveUpAt = Date.now() + GIVE_UP_MS;
  let fresh = null;
  for (let pause = FIRST_LOOK_MS; !fresh && Date.now() < giveUpAt; pause *= 1.4) {
    await new Promise((resume) => setTimeout(resume, Math.min(pause, LONGEST_PAUSE_MS)));
    fresh = document.querySelector(AWAITED) ? await findingsThere() : null;
  }
  isWaiting = false;
  if (fresh) {
    replaceParts(fresh);
    announce("自动识别已有结果，显示在“自动识别”下面。");
  } else if (place.isConnected) {
    place.textContent = untilReloaded;
  }
}

awaitFindings();
