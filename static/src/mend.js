// Crops a photo, a signature or a passport scan on the spot; without this file the form takes the
// picture as it is, and the server offers to crop it. The steps of it are in mend/.
import { button, element } from "./elements.js";
import { Cropping } from "./mend/cropping.js";
import { opened } from "./mend/jpeg.js";
import { KINDS } from "./mend/kinds.js";
import { Unmade, made } from "./mend/made.js";
import { Panel } from "./mend/panel.js";
import { Result } from "./mend/result.js";
import { signOnScreen } from "./mend/signing.js";
import { showCarried } from "./page.js";
import { NoAnswer, hintFor, sendFile } from "./send.js";

const REFUSED = "不合要求：";
const UNJUDGED = "尺寸符合要求，其他要求在上传时检查。";

class Mender {
  constructor(form) {
    this.form = form;
    const { mend: kind, width, height, below } = form.dataset;
    this.wanted = { kind, width: Number(width), height: Number(height), below: Number(below) };
    this.input = form.querySelector("input[type=file]");
    this.plain = form.querySelector("button:not([type=button])");
    this.panel = new Panel(kind, KINDS[kind].title);
    this.note = element("p", "form-text");
    this.note.setAttribute("role", "status");
    form.before(this.ways());
    form.after(this.note, this.panel.section);
    this.input.addEventListener("change", () => this.choose(this.input.files[0]));
    // Chosen while this script was still on its way, or kept by the browser over a reload.
    this.choose(this.input.files[0]);
  }

  // Other ways than choosing a file: the camera, and for a signature the screen.
  ways() {
    const bar = element("div", "mend-ways");
    const other = "btn btn-outline-primary";
    if (window.matchMedia("(pointer: coarse)").matches) {
      bar.append(button("拍照", other, () => this.photograph()));
    }
    if (this.wanted.kind === "signature") {
      bar.append(button("在屏幕上签名", other, () => this.sign()));
    }
    return bar;
  }

  photograph() {
    const camera = element("input");
    camera.type = "file";
    camera.accept = "image/*";
    camera.setAttribute("capture", KINDS[this.wanted.kind].capture);
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
      const most = Number(this.input.dataset.most);
      this.note.textContent = hintFor(file, most) || this.unopened(file.name);
      return;
    }
    this.cropping = new Cropping(this.panel, this.image, this.wanted);
    if (!always && file.type === "image/jpeg" && this.fits()) {
      await this.ask(file);
      return;
    }
    this.crop();
  }

  // Of the prescribed measures; whether it is what they are for, the server says beforehand.
  async ask(file) {
    const { naturalWidth: width, naturalHeight: height } = this.image;
    const say = (words) => {
      this.note.textContent = `${width}×${height}像素，${words}`;
      this.note.append(" ", button("还要裁剪", "btn btn-sm btn-outline-secondary", () => this.crop()));
    };
    say("正在检查……");
    const words = await this.judged(file);
    if (this.file === file && this.panel.section.hidden && this.input.files[0] === file) {
      say(words);
      this.note.classList.toggle("mend__warning", words.startsWith(REFUSED));
    }
  }

  async judged(file) {
    try {
      const answer = await sendFile(this.form, file, { address: this.form.dataset.check });
      if (answer.retrySeconds) {
        return UNJUDGED;
      }
      const warnings = answer.warnings.map((text) => `请留意：${text}`).join("");
      return answer.accepted
        ? `符合要求，可以直接上传。${warnings}`
        : `${REFUSED}${answer.problems.join("")}`;
    } catch (error) {
      if (!(error instanceof NoAnswer)) {
        throw error;
      }
      return UNJUDGED;
    }
  }

  unopened(name) {
    return /\.(pdf|heic|heif)$/i.test(name)
      ? "这种文件浏览器打不开。请点“上传”，门户会转成JPG图片；尺寸不合的，可以再自动裁剪。"
      : "浏览器打不开这个文件。可以直接点“上传”，由门户检查并说明原因。";
  }

  fits() {
    const { kind, width, height, below } = this.wanted;
    return kind === "passport"
      ? this.file.size < below
      : this.image.naturalWidth === width && this.image.naturalHeight === height;
  }

  crop() {
    const { naturalWidth: width, naturalHeight: height } = this.image;
    this.note.classList.remove("mend__warning");
    this.note.textContent = `这张图是${width}×${height}像素，请在下面裁剪。`;
    this.plain.textContent = "不裁剪，直接上传";
    this.plain.className = "btn btn-outline-secondary";
    const actions = element("div", "page-actions");
    actions.append(
      button("裁好了，看结果", "btn btn-primary", () => this.preview()),
      button("关闭", "btn btn-outline-secondary", () => this.leave()),
    );
    this.cropping.open(actions);
  }

  async preview() {
    const { cropping, file } = this;
    await cropping.drawn; // a turn that was asked for a moment ago counts
    const across = this.wanted.kind === "photo" ? cropping.across() : Infinity;
    try {
      const result = new Result(this.panel, this.form, { file, working: cropping.working });
      result.show(await made(cropping, this.wanted), { again: () => this.crop(), across });
    } catch (error) {
      if (!(error instanceof Unmade)) {
        throw error;
      }
      this.panel.complain([error.message]);
    }
  }

  sign() {
    this.close();
    signOnScreen(this.panel, this.wanted, {
      done: (signature) =>
        new Result(this.panel, this.form).show(signature, { again: () => this.sign() }),
      leave: () => this.leave(),
    });
  }

  leave() {
    this.close();
    this.input.value = "";
    this.input.focus();
  }

  close() {
    this.panel.close();
    this.note.textContent = "";
    this.note.classList.remove("mend__warning");
    this.plain.textContent = "上传";
  }
}

showCarried();
for (const form of document.querySelectorAll("form[data-mend]")) {
  new Mender(form);
}
