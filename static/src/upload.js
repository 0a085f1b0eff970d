// Uploads file by file, with progress and another try; without this file the form sends all at
// once.
import { button, element } from "./elements.js";
import { refreshParts } from "./fresh.js";
import { showAfterReload, showCarried } from "./page.js";
import { NoAnswer, hintFor, sendFile } from "./send.js";

class Row {
  constructor(file, again) {
    this.file = file;
    this.done = false;
    this.isRepeated = false;
    this.line = element("li", "upload-list__item");
    this.line.tabIndex = -1;
    this.bar = element("progress", "upload-list__bar");
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `${file.name}的上传进度`);
    this.state = element("span", "upload-list__state", "等待上传");
    this.words = element("span", "upload-list__words");
    this.again = button("再试一次", "btn btn-sm btn-outline-primary", again);
    this.again.setAttribute("aria-label", `再上传一次：${file.name}`);
    this.again.hidden = true;
    this.line.append(element("strong", "upload-list__name", file.name), this.bar, this.state);
    this.line.append(this.words, this.again);
  }

  show(state, { words = "", progress = null, retry = false } = {}) {
    this.state.textContent = state;
    this.words.textContent = words;
    this.bar.hidden = progress === null;
    this.bar.value = progress || 0;
    this.again.hidden = !retry;
  }
}

// One file after another, so that the pages stand in the order in which they were chosen.
class UploadQueue {
  constructor(form) {
    this.form = form;
    this.waiting = [];
    this.rows = [];
    this.taken = 0;
    this.repeated = [];
    this.isBusy = false;
    this.list = element("ul", "upload-list");
    this.list.setAttribute("aria-label", "上传情况");
    this.voice = element("p", "upload-list__voice");
    this.voice.setAttribute("role", "status");
    this.voice.setAttribute("aria-live", "polite");
    this.input = form.querySelector("input[type=file]");
    this.hints = element("div", "upload-list__hints");
    this.hints.setAttribute("role", "status");
    // What was not taken, beside where one chooses again.
    this.problems = element("div", "upload-list__problems");
    this.problems.setAttribute("role", "alert");
    this.input.after(this.hints, this.problems);
    this.input.addEventListener("change", () => this.hint());
    this.hint();
    form.after(this.voice, this.list);
    form.addEventListener("submit", (event) => this.take(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.isBusy) {
        event.preventDefault();
      }
    });
  }

  hint() {
    const most = Number(this.input.dataset.most);
    const told = [...this.input.files].map((file) => [file.name, hintFor(file, most)]);
    this.hints.replaceChildren(
      ...told.filter(([, hint]) => hint).map(([name, hint]) => element("p", "", `${name}：${hint}`)),
    );
  }

  take(event) {
    const files = [...this.input.files];
    if (!files.length) {
      return; // the server says what is missing
    }
    event.preventDefault();
    event.stopPropagation();
    this.forgetRefused();
    for (const file of files) {
      const row = new Row(file, () => this.repeat(row));
      this.rows.push(row);
      this.list.append(row.line);
      this.waiting.push(row);
    }
    this.input.value = "";
    this.hint();
    this.run();
  }

  // A new attempt takes the place of what became of the one before.
  forgetRefused() {
    this.problems.replaceChildren();
    // What the server had said of an attempt without this script.
    document.querySelector("[data-judgements]")?.remove();
    if (!this.isBusy) {
      this.rows.filter((row) => !row.done).forEach((row) => row.line.remove());
      this.rows = this.rows.filter((row) => row.done);
    }
  }

  repeat(row) {
    row.isRepeated = true;
    row.line.focus(); // the button that was pressed goes
    row.show("等待上传");
    this.waiting.push(row);
    this.run();
  }

  async run() {
    if (this.isBusy) {
      return;
    }
    this.isBusy = true;
    while (this.waiting.length) {
      await this.send(this.waiting.shift());
    }
    this.isBusy = false;
    await this.finish();
  }

  async send(row) {
    const place = `第${this.rows.indexOf(row) + 1}个，共${this.rows.length}个，${row.file.name}`;
    row.show("正在上传", { progress: 0 });
    this.say(`${place}：正在上传`);
    try {
      const answer = await sendFile(this.form, row.file, {
        onProgress: (percent) =>
          row.show(percent < 100 ? `已传${percent}%` : "传完，正在检查", { progress: percent }),
        onBusy: () => row.show("前面有人在处理，正在排队"),
      });
      row.done = answer.accepted;
      this.tell(row, answer.problems);
      this.taken += answer.taken || 0;
      const repeated = answer.repeated || [];
      this.repeated.push(...repeated.map((text) => `“${row.file.name}”：${text}`));
      const words = [...answer.problems, ...repeated, ...answer.warnings.map((text) => `请留意：${text}`)];
      // Refused, the reasons stand above in full; here it only says so.
      row.show(answer.verdict, { words: answer.accepted ? words.join("") : "" });
      this.say(`${place}：${answer.verdict}。${answer.accepted ? words.join("") : ""}`);
    } catch (error) {
      if (!(error instanceof NoAnswer)) {
        throw error;
      }
      row.show("没有传上", { words: error.message, retry: true });
      this.say(`${place}：${error.message}可以再试一次。`);
    }
  }

  async finish() {
    const left = this.rows.filter((row) => !row.done).length;
    if (!left) {
      const late = this.rows.filter((row) => row.isRepeated).map((row) => `“${row.file.name}”`);
      const where = "重传的排在最后，可以用“上移”挪回原来的位置：";
      const taken = this.taken ? `已收下${this.taken}页。` : "没有增加新的页。";
      showAfterReload(`${taken}${this.repeated.join("")}${late.length ? `${where}${late.join("、")}。` : ""}`);
      return;
    }
    this.say(
      `共${this.rows.length}个文件，收下${this.rows.length - left}个，` +
        `没有收下${left}个。收下的已经保存，只需要重新上传没有收下的。`,
    );
    await refreshParts();
  }

  // The alert speaks for itself; the list below says only that the file was not taken.
  tell(row, problems) {
    if (problems.length) {
      const line = element("p", "", `${row.file.name}：${problems.join("")}`);
      this.problems.append(line);
    }
  }

  say(text) {
    this.voice.textContent = text;
  }
}

showCarried();
for (const form of document.querySelectorAll("form[data-upload]")) {
  new UploadQueue(form);
}
