// Crops a photo, a signature or a passport scan on the spot; without this file the form takes the
// picture as it is, and the server offers to crop it.
import Cropper from "./cropper.js";
import { button, element } from "./elements.js";
import { cleanSignature, isColoured } from "./ink.js";
import { compressed, opened, scaled, toJpeg } from "./jpeg.js";
import { openPad } from "./pad.js";
import { showAfterReload, showCarried } from "./page.js";
import { NoAnswer, hintFor, sendFile } from "./send.js";

const WORKING = 3600;
const LEAST_SHARP_WIDTH = 400;
const KINDS = {
  photo: {
    title: "裁剪照片",
    help: "移动、放大照片，让头顶和下巴落在椭圆线上，左右居中。",
    keys: "用键盘：在裁剪框里按方向键移动图片，按加号、减号放大缩小。",
    capture: "user",
  },
  signature: {
    title: "裁剪签名",
    help: "移动、放大图片，让签名完整地落在框内。底色会自动变白，四周会自动留空。",
    keys: "用键盘：在裁剪框里按方向键移动图片，按加号、减号放大缩小。",
    capture: "environment",
  },
  passport: {
    title: "裁剪、压缩护照扫描件",
    help: "框住护照首页整页，四角和底部两行机读码都要在框内。会自动压缩到1 MB以下。",
    keys: "用键盘：在裁剪框里按方向键移动图片，按加号、减号放大缩小，按住Shift再按方向键改变框的大小。",
    capture: "environment",
  },
};

class Unmade extends Error {}

class Mender {
  constructor(form) {
    this.form = form;
    this.kind = form.dataset.mend;
    this.words = KINDS[this.kind];
    this.width = Number(form.dataset.width);
    this.height = Number(form.dataset.height);
    this.below = Number(form.dataset.below);
    this.input = form.querySelector("input[type=file]");
    this.most = Number(this.input.dataset.most);
    // Whatever the browser can show, a canvas turns into the JPG that is asked for; the server
    // turns the rest.
    this.input.accept = "image/*,.heic,application/pdf";
    this.plain = form.querySelector("button:not([type=button])");
    this.panel = element("section", `mend mend--${this.kind}`);
    this.panel.setAttribute("aria-label", this.words.title);
    this.panel.hidden = true;
    this.note = element("p", "form-text");
    this.note.setAttribute("role", "status");
    form.before(this.ways());
    form.after(this.note, this.panel);
    this.input.addEventListener("change", () => this.choose(this.input.files[0]));
  }

  // Other ways than choosing a file: the camera, and for a signature the screen.
  ways() {
    const bar = element("div", "mend-ways");
    const other = "btn btn-outline-primary";
    if (window.matchMedia("(pointer: coarse)").matches) {
      bar.append(button("拍照", other, () => this.photograph()));
    }
    if (this.kind === "signature") {
      bar.append(button("在屏幕上签名", other, () => this.sign()));
    }
    return bar;
  }

  photograph() {
    const camera = element("input");
    camera.type = "file";
    camera.accept = "image/*";
    camera.setAttribute("capture", this.words.capture);
    camera.addEventListener("change", () => this.choose(camera.files[0], true));
    camera.click();
  }

  async choose(file, always = false) {
    this.close();
    if (!file) {
      return;
    }
    this.file = file;
    try {
      this.image = await opened(file);
    } catch {
      this.note.textContent = hintFor(file, this.most) || this.unopened(file.name);
      return;
    }
    const { naturalWidth: width, naturalHeight: height } = this.image;
    this.turns = 0;
    if (!always && file.type === "image/jpeg" && this.fits(file, width, height)) {
      this.note.textContent = `${width}×${height}像素，符合要求，可以直接上传。`;
      this.note.append(" ", button("还要裁剪", "btn btn-sm btn-outline-secondary", () => this.open()));
      return;
    }
    this.open();
  }

  unopened(name) {
    return /\.(pdf|heic|heif)$/i.test(name)
      ? "这种文件浏览器打不开。请点“上传”，门户会转成JPG图片；尺寸不合的，可以再自动裁剪。"
      : "浏览器打不开这个文件。可以直接点“上传”，由门户检查并说明原因。";
  }

  fits(file, width, height) {
    return this.kind === "passport"
      ? file.size < this.below
      : width === this.width && height === this.height;
  }

  open() {
    const { naturalWidth: width, naturalHeight: height } = this.image;
    this.note.textContent = `这张图是${width}×${height}像素，请在下面裁剪。`;
    this.plain.textContent = "不裁剪，直接上传";
    this.plain.className = "btn btn-outline-secondary";
    this.stage = element("div", "mend__stage");
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "group");
    this.stage.setAttribute("aria-label", "裁剪框");
    this.stage.setAttribute("aria-describedby", "mend-keys");
    this.stage.addEventListener("keydown", (event) => this.steer(event));
    this.shown = element("img");
    this.shown.alt = "";
    this.stage.append(this.shown);
    const finish = element("div", "page-actions");
    finish.append(
      button("裁好了，看结果", "btn btn-primary", () => this.preview()),
      button("关闭", "btn btn-outline-secondary", () => this.leave()),
    );
    this.fill(element("h3", "mend__title", this.words.title), element("p", "", this.words.help));
    const keys = element("p", "mend__keys form-text", this.words.keys);
    keys.id = "mend-keys";
    this.panel.append(this.stage, this.tools(), keys, finish);
    this.drawn = this.draw();
    this.panel.scrollIntoView({ block: "start" });
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
    if (event.shiftKey && this.kind === "passport" && event.key.startsWith("Arrow")) {
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
    this.panel.removeAttribute("data-ready");
    const { naturalWidth: width, naturalHeight: height } = this.image;
    this.working = scaled(this.image, width, height, WORKING, this.turns);
    this.shown.src = URL.createObjectURL(await toJpeg(this.working, 0.95));
    this.cropper?.destroy();
    let isReady = () => {};
    const ready = new Promise((resolve) => (isReady = resolve));
    this.cropper = new Cropper(this.shown, {
      aspectRatio: this.kind === "passport" ? NaN : this.width / this.height,
      background: false,
      autoCropArea: this.kind === "passport" ? 1 : 0.9,
      // Follows the blob's address with a request of its own, which the CSP forbids.
      checkOrientation: false,
      // A prescribed frame stands still, and the picture moves under it; a passport's is drawn.
      cropBoxMovable: this.kind === "passport",
      cropBoxResizable: this.kind === "passport",
      dragMode: "move",
      guides: false,
      toggleDragModeOnDblclick: false,
      viewMode: this.kind === "photo" ? 1 : 0,
      zoomOnWheel: false,
      ready: () => {
        this.panel.setAttribute("data-ready", "");
        isReady();
      },
    });
    await ready;
  }

  // What cannot be made of the picture raises an Unmade, which says why.
  async made() {
    const smooth = { fillColor: "#fff", imageSmoothingQuality: "high" };
    if (this.kind === "passport") {
      const small = await compressed(this.cropper.getCroppedCanvas(smooth), this.below);
      if (!small) {
        throw new Unmade("缩小后仍超过1 MB，请框得小一些，或用300 dpi重新扫描。");
      }
      return small;
    }
    const twice = this.kind === "signature" ? 2 : 1;
    const canvas = this.cropper.getCroppedCanvas({
      ...smooth,
      width: this.width * twice,
      height: this.height * twice,
    });
    const clean = this.kind === "signature" ? this.cleanInk(canvas) : canvas;
    return { blob: await toJpeg(clean, 0.92), width: this.width, height: this.height };
  }

  cleanInk(canvas) {
    if (isColoured(canvas)) {
      throw new Unmade(
        "框内有红色或其他颜色的笔迹、印章，变成黑色就看不出来了。请用黑色笔在白纸上签名，不要盖章。",
      );
    }
    const clean = this.clean(canvas);
    if (!clean) {
      throw new Unmade("框内没有找到笔迹。请把签名移到框内，或用黑色中粗笔重新签名。");
    }
    return clean;
  }

  clean(canvas) {
    return cleanSignature(canvas, this);
  }

  async preview() {
    await this.drawn; // a turn that was asked for a moment ago counts
    const across = this.kind === "photo" ? this.cropper.getData().width : Infinity;
    try {
      this.show(await this.made(), () => this.open(), across);
    } catch (error) {
      if (!(error instanceof Unmade)) {
        throw error;
      }
      this.complain([error.message]);
    }
  }

  // The result as it will be sent, to be looked at first.
  show({ blob, width, height }, back, across = Infinity) {
    const picture = element("img", "mend__result");
    picture.src = URL.createObjectURL(blob);
    picture.alt = "裁剪后的图";
    const size = `JPG，${width}×${height}像素，${Math.ceil(blob.size / 1024)} KB`;
    const bar = element("div", "page-actions");
    bar.append(
      button("上传这张", "btn btn-primary", (event) => this.upload(blob, event.target)),
      button("重新裁剪", "btn btn-outline-secondary", back),
    );
    this.fill(element("h3", "mend__title", "裁好的样子"), picture, element("p", "", size));
    if (across < LEAST_SHARP_WIDTH) {
      const words = `框里的原图只有约${Math.round(across)}像素宽，放大后可能模糊，建议换一张更大的原图。`;
      this.panel.append(element("p", "mend__warning", words));
    }
    this.panel.append(bar);
    picture.scrollIntoView({ block: "center" });
  }

  async upload(blob, pressed) {
    pressed.disabled = true;
    const stem = this.file ? this.file.name.replace(/\.[^.]*$/, "") : "屏幕签名";
    const mended = new File([blob], `${stem}.jpg`, { type: "image/jpeg" });
    try {
      const answer = await sendFile(this.form, mended, {
        original: await this.original(),
        onProgress: (percent) => (pressed.textContent = `已传${percent}%`),
      });
      if (answer.accepted) {
        const warnings = answer.warnings.map((text) => `请留意：${text}`).join("");
        showAfterReload(`已收下裁好的图片。${warnings}`);
        return;
      }
      this.complain(answer.problems);
    } catch (error) {
      if (!(error instanceof NoAnswer)) {
        throw error;
      }
      this.complain([`${error.message}裁好的图片还在，请再点一次“上传这张”。`]);
    }
    pressed.disabled = false;
    pressed.textContent = "上传这张";
  }

  // What was chosen, kept on record; smaller where the portal would not take it.
  async original() {
    if (!this.file) {
      return null;
    }
    if (this.file.size <= this.most) {
      return this.file;
    }
    const blob = await toJpeg(this.working, 0.9);
    return new File([blob], `${this.file.name}（缩小）.jpg`, { type: "image/jpeg" });
  }

  complain(problems) {
    this.panel.querySelector(".error-summary")?.remove();
    const box = element("div", "error-summary");
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    box.append(...problems.map((problem) => element("p", "", problem)));
    this.panel.prepend(box);
    box.focus();
  }

  sign() {
    this.close();
    this.file = null;
    const canvas = element("canvas", "mend__pad");
    [canvas.width, canvas.height] = [this.width * 2, this.height * 2];
    canvas.setAttribute("aria-label", "签名板");
    canvas.setAttribute("role", "img");
    const bar = element("div", "page-actions");
    this.fill(
      element("h3", "mend__title", "在屏幕上签名"),
      element("p", "", "请申请人本人用手指或触控笔在框内签名，写大一些，与护照上的签名一致。"),
      canvas,
      bar,
    );
    const pad = openPad(canvas);
    bar.append(
      button("签好了，看结果", "btn btn-primary", () => this.finishSigning(pad, canvas)),
      button("擦掉重签", "btn btn-outline-secondary", () => pad.clear()),
      button("关闭", "btn btn-outline-secondary", () => this.leave()),
    );
    canvas.scrollIntoView({ block: "center" });
  }

  async finishSigning(pad, canvas) {
    const clean = pad.isEmpty() ? null : this.clean(canvas);
    if (!clean) {
      this.complain(["还没有签名。请先在框内签名。"]);
      return;
    }
    const blob = await toJpeg(clean, 0.92);
    this.show({ blob, width: this.width, height: this.height }, () => this.sign());
  }

  fill(...parts) {
    this.cropper?.destroy();
    this.cropper = null;
    this.panel.removeAttribute("data-ready");
    this.panel.replaceChildren(...parts);
    this.panel.hidden = false;
    // The button that was pressed is gone; the keyboard goes on from the new heading.
    const [heading] = parts;
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
  }

  leave() {
    this.close();
    this.input.value = "";
    this.input.focus();
  }

  close() {
    this.fill();
    this.panel.hidden = true;
    this.note.textContent = "";
    this.plain.textContent = "上传";
  }
}

showCarried();
for (const form of document.querySelectorAll("form[data-mend]")) {
  new Mender(form);
}
