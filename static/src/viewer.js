// A picture that zooms, turns and is dragged in a pane of its own; the view alone changes, never
// the file. Pictures that are compared move together, whichever of them is touched.
import { button, element } from "./elements.js";

export const STEP = 1.25;
const LEAST = 0.25;
const MOST = 8;
// A notch of a wheel is about 100 px and zooms like one press of the button.
const ZOOM_PER_PIXEL = Math.log(STEP) / 100;
const MOST_PIXELS = 300;
const SVG = "http://www.w3.org/2000/svg";
// Lines in a square of 16 units.
const ICONS = {
  放大: "M7 2a5 5 0 1 0 0 10a5 5 0 1 0 0-10M11 11l4 4M7 5v4M5 7h4",
  缩小: "M7 2a5 5 0 1 0 0 10a5 5 0 1 0 0-10M11 11l4 4M5 7h4",
  还原: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  向左转: "M3 2v4h4M3 6a6 6 0 1 1-1 5",
  向右转: "M13 2v4H9M13 6a6 6 0 1 0 1 5",
};

function icon(lines) {
  const drawn = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  drawn.setAttribute("viewBox", "0 0 16 16");
  drawn.setAttribute("aria-hidden", "true");
  path.setAttribute("d", lines);
  drawn.append(path);
  return drawn;
}

export class Viewer {
  constructor(place) {
    this.picture = place.querySelector("img");
    this.picture.draggable = false;
    this.peers = [this];
    this.isLeading = false;
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
    this.pane.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.pane.addEventListener("pointerdown", (event) => this.drag(event));
    this.pane.addEventListener("scroll", () => this.takeAlong());
    this.draw();
  }

  tools() {
    const bar = element("div", "viewer__tools");
    const actions = {
      放大: () => this.each((one) => one.scale(STEP)),
      缩小: () => this.each((one) => one.scale(1 / STEP)),
      还原: () => this.each((one) => one.reset()),
      向左转: () => this.each((one) => one.turn(-1)),
      向右转: () => this.each((one) => one.turn(1)),
    };
    for (const [label, act] of Object.entries(actions)) {
      const made = button("", "viewer__tool", act);
      made.title = label;
      made.append(icon(ICONS[label]), element("span", "", label));
      bar.append(made);
    }
    return bar;
  }

  each(act) {
    this.peers.forEach(act);
  }

  // Towards what lies under the mouse, given as shares of the pane; its middle without a mouse.
  scale(factor, across = 0.5, down = 0.5) {
    const { left, top } = this.seenAt(across, down);
    this.zoom = Math.min(MOST, Math.max(LEAST, this.zoom * factor));
    this.draw();
    this.show(left, top, across, down);
  }

  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 33;
    const pixels = Math.max(-MOST_PIXELS, Math.min(MOST_PIXELS, event.deltaY * lines));
    const seen = this.pane.getBoundingClientRect();
    const across = (event.clientX - seen.left) / seen.width;
    const down = (event.clientY - seen.top) / seen.height;
    this.each((one) => one.scale(Math.exp(-pixels * ZOOM_PER_PIXEL), across, down));
  }

  // A finger moves the pane by itself.
  drag(event) {
    if (event.pointerType === "touch" || event.button !== 0) {
      return;
    }
    const { pane } = this;
    let last = event;
    const move = (now) => {
      pane.scrollLeft -= now.clientX - last.clientX;
      pane.scrollTop -= now.clientY - last.clientY;
      last = now;
    };
    const end = () => {
      this.isLeading = false;
      pane.removeEventListener("pointermove", move);
    };
    event.preventDefault();
    pane.focus({ preventScroll: true });
    pane.setPointerCapture(event.pointerId);
    this.isLeading = true;
    pane.addEventListener("pointermove", move);
    pane.addEventListener("lostpointercapture", end, { once: true });
  }

  // What is seen at this share of the pane, as shares of the sheet.
  seenAt(across, down) {
    const { pane, sheet } = this;
    return {
      left: (pane.scrollLeft + pane.clientWidth * across - sheet.offsetLeft) / sheet.offsetWidth,
      top: (pane.scrollTop + pane.clientHeight * down - sheet.offsetTop) / sheet.offsetHeight,
    };
  }

  show(left, top, across = 0.5, down = 0.5) {
    const { pane, sheet } = this;
    pane.scrollLeft = sheet.offsetLeft + left * sheet.offsetWidth - pane.clientWidth * across;
    pane.scrollTop = sheet.offsetTop + top * sheet.offsetHeight - pane.clientHeight * down;
  }

  compareWith(viewers) {
    this.peers = viewers;
  }

  // The pane that is being moved takes the others along, so that the same place is compared.
  takeAlong() {
    const isOthers = this.peers.some((other) => other !== this && other.isLeading);
    if (!isOthers && (this.isLeading || this.pane.matches(":hover, :focus"))) {
      const { left, top } = this.seenAt(0.5, 0.5);
      this.each((other) => other !== this && other.show(left, top));
    }
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

  // At first the whole picture is seen, never larger than it is.
  draw() {
    const width = Number(this.picture.getAttribute("width"));
    const height = Number(this.picture.getAttribute("height"));
    if (!width || !height) {
      return;
    }
    const isSideways = this.turns % 2 === 1;
    const [across, down] = isSideways ? [height, width] : [width, height];
    // The bars that scroll take room only where the picture is larger than the pane.
    const room = { across: this.pane.offsetWidth - 2, down: this.pane.offsetHeight - 2 };
    const factor = Math.min(room.across / across, room.down / down, 1) * this.zoom;
    this.picture.style.width = `${width * factor}px`;
    this.picture.style.transform = `translate(-50%, -50%) rotate(${this.turns * 90}deg)`;
    this.sheet.style.width = `${Math.floor(across * factor)}px`;
    this.sheet.style.height = `${Math.floor(down * factor)}px`;
  }
}
