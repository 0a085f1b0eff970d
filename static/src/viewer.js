// A picture that zooms and turns in a pane of its own; the view alone changes, never the file.
import { button, element } from "./elements.js";

export const STEP = 1.25;
const LEAST = 0.25;
const MOST = 8;

export class Viewer {
  constructor(place) {
    this.picture = place.querySelector("img");
    this.zoom = 1;
    this.turns = 0;
    this.pane = element("div", "viewer__pane");
    this.pane.tabIndex = 0;
    this.pane.setAttribute("role", "group");
    this.pane.setAttribute("aria-label", `${this.picture.alt}，可以放大和旋转`);
    this.sheet = element("div", "viewer__sheet");
    this.picture.replaceWith(this.pane);
    this.pane.append(this.sheet);
    this.sheet.append(this.picture);
    place.prepend(this.tools());
    this.picture.addEventListener("load", () => this.draw());
    window.addEventListener("resize", () => this.draw());
    this.draw();
  }

  tools() {
    const bar = element("div", "viewer__tools");
    const actions = [
      ["放大", () => this.scale(STEP)],
      ["缩小", () => this.scale(1 / STEP)],
      ["还原", () => this.reset()],
      ["向左转", () => this.turn(-1)],
      ["向右转", () => this.turn(1)],
    ];
    for (const [label, act] of actions) {
      bar.append(button(label, "btn btn-outline-secondary btn-sm", act));
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
