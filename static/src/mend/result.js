// Picture as it will be sent, to be looked at first, and its upload.
import { button, element } from "../elements.js";
import { showAfterReload } from "../page.js";
import { NoAnswer, sendFile } from "../send.js";
import { toJpeg } from "./jpeg.js";

const LEAST_SHARP_WIDTH = 400;

export class Result {
  // Of a signature made on the screen there is no `file`; `working` is what a canvas holds of it.
  constructor(panel, form, { file = null, working = null } = {}) {
    this.panel = panel;
    this.form = form;
    this.file = file;
    this.working = working;
  }

  // `again` goes back to the step before; `across` is how wide the frame was in the original.
  show({ blob, width, height }, { again, across = Infinity }) {
    const picture = element("img", "mend__result");
    picture.src = URL.createObjectURL(blob);
    picture.alt = "裁剪后的图";
    const size = `JPG，${width}×${height}像素，${Math.ceil(blob.size / 1024)} KB`;
    const bar = element("div", "page-actions");
    bar.append(
      button("上传这张", "btn btn-primary", (event) => this.upload(blob, event.target)),
      button("重新裁剪", "btn btn-outline-secondary", again),
    );
    const parts = [element("h3", "mend__title", "裁好的样子"), picture, element("p", "", size)];
    if (across < LEAST_SHARP_WIDTH) {
      const words = `框里的原图只有约${Math.round(across)}像素宽，放大后可能模糊，建议换一张更大的原图。`;
      parts.push(element("p", "mend__warning", words));
    }
    this.panel.fill([...parts, bar]);
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
        onBusy: () => (pressed.textContent = "正在排队"),
      });
      if (answer.accepted) {
        const repeated = (answer.repeated || []).join("");
        if (repeated) {
          showAfterReload(repeated);
          return;
        }
        const warnings = answer.warnings.map((text) => `请留意：${text}`).join("");
        showAfterReload(`已收下裁好的图片。${warnings}`);
        return;
      }
      this.panel.complain(answer.problems);
    } catch (error) {
      if (!(error instanceof NoAnswer)) {
        throw error;
      }
      this.panel.complain([`${error.message}裁好的图片还在，请再点一次“上传这张”。`]);
    }
    pressed.disabled = false;
    pressed.textContent = "上传这张";
  }

  // What was chosen, kept on record; smaller where the portal would not take it.
  async original() {
    const most = Number(this.form.querySelector("input[type=file]").dataset.most);
    if (!this.file || this.file.size <= most) {
      return this.file;
    }
    const blob = await toJpeg(this.working, 0.9);
    return new File([blob], `${this.file.name}（缩小）.jpg`, { type: "image/jpeg" });
  }
}
