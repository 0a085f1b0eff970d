// Cropping frame over a picture, moved by pointer, by buttons and by keyboard.
import { button, element } from "../elements.js";
import { scaled, toJpeg } from "./jpeg.js";
import { KINDS } from "./kinds.js";

const WORKING = 3600;

export class Cropping {
  // `wanted` is the kind of picture with its prescribed width and height.
  constructor(panel, image, wanted) {
    this.panel = panel;
    this.image = image;
    this.wanted = wanted;
    this.isFree = wanted.kind === "passport";
    this.turns = 0;
  }

  open(actions) {
    const words = KINDS[this.wanted.kind];
    this.shown = element("img");
    this.shown.alt = "";
    const keys = element("p", "mend__keys form-text", words.keys);
    keys.id = "mend-keys";
    const heading = element("h3", "mend__title", words.title);
    const parts = [heading, element("p", "", words.help), this.stage(), this.tools(), keys, actions];
    this.panel.fill(parts, () => {
      this.cropper?.destroy();
      this.cropper = null;
    });
    this.drawn = this.draw();
    this.drawn.catch(() =>
      this.panel.complain(["裁剪工具没有加载成功。请检查网络后再试，或者不裁剪，直接上传。"]),
    );
    this.panel.section.scrollIntoView({ block: "start" });
  }

  stage() {
    const stage = element("div", "mend__stage");
    stage.tabIndex = 0;
    stage.setAttribute("role", "group");
    stage.setAttribute("aria-label", "裁剪框");
    stage.setAttribute("aria-describedby", "mend-keys");
    stage.addEventListener("keydown", (event) => this.steer(event));
    stage.append(this.shown);
    return stage;
  }

  tools() {
    const bar = element("div", "mend__tools");
    const tools = [
      ["向左转", () => this.turn(3)],
      ["向右转", () => this.turn(1)],
      ["左斜一点", () => this.cropper.rotate(-1)],
      ["右斜一点", () => this.cropper.rotate(1)],
      ["放大", () => this.cropper.zoom(0.1)],
      ["缩小", () => this.cropper.zoom(-0.1)],
      ["还原", () => this.cropper.reset()],
    ];
    for (const [label, act] of tools) {
      bar.append(button(label, "btn btn-sm btn-outline-secondary", act));
    }
    return bar;
  }

  steer(event) {
    if (event.shiftKey && this.isFree && event.key.startsWith("Arrow")) {
      event.preventDefault();
      this.resize(event.key);
      return;
    }
    const moves = {
      ArrowLeft: () => this.cropper.move(-10, 0),
      ArrowRight: () => this.cropper.move(10, 0),
      ArrowUp: () => this.cropper.move(0, -10),
      ArrowDown: () => this.cropper.move(0, 10),
      "+": () => this.cropper.zoom(0.1),
      "=": () => this.cropper.zoom(0.1),
      "-": () => this.cropper.zoom(-0.1),
    };
    if (moves[event.key]) {
      event.preventDefault();
      moves[event.key]();
    }
  }

  // The frame keeps its upper left corner.
  resize(key) {
    const box = this.cropper.getCropBoxData();
    box.width += { ArrowLeft: -10, ArrowRight: 10 }[key] || 0;
    box.height += { ArrowUp: -10, ArrowDown: 10 }[key] || 0;
    this.cropper.setCropBoxData(box);
  }

  turn(quarters) {
    this.turns = (this.turns + quarters) % 4;
    this.drawn = this.draw();
  }

  // The library gets the picture upright and of a size that a phone can hold in memory.
  async draw() {
    this.panel.setReady(false);
    const { naturalWidth: width, naturalHeight: height } = this.image;
    this.working = scaled(this.image, width, height, WORKING, this.turns);
    // Fetched when somebody crops: most pages that could never do.
    const [{ default: Cropper }, drawn] = await Promise.all([
      import("../cropper.js"),
      toJpeg(this.working, 0.95),
    ]);
    this.shown.src = URL.createObjectURL(drawn);
    this.cropper?.destroy();
    await new Promise((resolve) => {
      this.cropper = new Cropper(this.shown, this.options(resolve));
    });
    this.panel.setReady(true);
  }

  options(ready) {
    return {
      aspectRatio: this.isFree ? NaN : this.wanted.width / this.wanted.height,
      background: false,
      autoCropArea: this.isFree ? 1 : 0.9,
      // Follows the blob's address with a request of its own, which the CSP forbids.
      checkOrientation: false,
      // A prescribed frame stands still, and the picture moves under it; a passport's is drawn.
      cropBoxMovable: this.isFree,
      cropBoxResizable: this.isFree,
      dragMode: "move",
      guides: false,
      toggleDragModeOnDblclick: false,
      viewMode: this.wanted.kind === "photo" ? 1 : 0,
      zoomOnWheel: false,
      ready,
    };
  }

  // What is inside the frame; `size` makes it of that many pixels.
  canvas(size = {}) {
    return this.cropper.getCroppedCanvas({
      fillColor: "#fff",
      imageSmoothingQuality: "high",
      ...size,
    });
  }

  // Pixels of the original across the frame.
  across() {
    return this.cropper.getData().width;
  }
}
