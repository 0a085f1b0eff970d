// Panel below an upload form, which shows one step after another.
import { element } from "../elements.js";

export class Panel {
  constructor(kind, label) {
    this.section = element("section", `mend mend--${kind}`);
    this.section.setAttribute("aria-label", label);
    this.section.hidden = true;
    this.leaveStep = () => {};
  }

  // `leave` runs when the next step begins.
  fill(parts, leave = () => {}) {
    this.leaveStep();
    this.leaveStep = leave;
    this.setReady(false);
    this.section.replaceChildren(...parts);
    this.section.hidden = false;
    // The button that was pressed is gone; the keyboard goes on from the new heading.
    const [heading] = parts;
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
  }

  setReady(isReady) {
    this.section.toggleAttribute("data-ready", isReady);
  }

  complain(problems) {
    this.section.querySelector(".error-summary")?.remove();
    const box = element("div", "error-summary");
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    box.append(...problems.map((problem) => element("p", "", problem)));
    this.section.prepend(box);
    box.focus();
  }

  close() {
    this.fill([]);
    this.section.hidden = true;
  }
}
