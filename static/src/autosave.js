// A draft that saves itself while it is being written; without this file its button does it.

// After the last key, and at the latest after so long of steady writing.
const QUIET_MS = 1500;
const LATEST_MS = 15000;
const RETRY_MS = 10000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]");
    this.isDirty = false;
    this.isStopped = false;
    this.running = null;
    this.timer = null;
    this.dirtySince = 0;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.beforeSubmit(event));
    // A phone may drop the page as soon as it is hidden.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.isDirty) {
        this.save();
      }
    });
  }

  changed() {
    const now = Date.now();
    if (!this.isDirty) {
      this.isDirty = true;
      this.dirtySince = now;
    }
    this.wait(Math.max(0, Math.min(QUIET_MS, this.dirtySince + LATEST_MS - now)));
  }

  wait(milliseconds) {
    clearTimeout(this.timer);
    if (!this.isStopped) {
      this.timer = setTimeout(() => this.save(), milliseconds);
    }
  }

  async save() {
    clearTimeout(this.timer);
    if (this.isStopped || this.running) {
      return;
    }
    this.isDirty = false;
    this.running = this.send();
    const isThrough = await this.running;
    this.running = null;
    if (!isThrough) {
      this.isDirty = true;
      this.wait(RETRY_MS);
    } else if (this.isDirty) {
      this.wait(QUIET_MS);
    }
  }

  // False when it is worth trying again without a change.
  async send() {
    let response;
    let answer = null;
    try {
      response = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
        keepalive: true,
      });
    } catch {
      this.say("网络不通，还没有自动保存，正在重试。");
      return false;
    }
    try {
      answer = response.redirected ? null : await response.json();
    } catch {
      answer = null;
    }
    if (!answer) {
      this.isStopped = response.redirected || response.status === 403;
      this.say(
        this.isStopped
          ? "没有自动保存：登录已过期。请先复制填写的内容，重新登录后再填。"
          : "没有自动保存，正在重试。",
      );
      return this.isStopped;
    }
    if (response.ok) {
      this.form.elements.seen_version.value = answer.version;
    }
    // Somebody else's words stand there now: writing on would overwrite them.
    this.isStopped = response.status === 409;
    this.say(answer.message);
    return true;
  }

  say(message) {
    this.status.textContent = message;
  }

  // The page's own number of the draft must be the newest one before it is sent by hand.
  beforeSubmit(event) {
    clearTimeout(this.timer);
    if (this.running) {
      event.preventDefault();
      event.stopPropagation();
      const submitter = event.submitter;
      this.isDirty = false;
      this.running.then(() => {
        this.isStopped = true;
        this.running = null;
        this.form.requestSubmit(submitter);
      });
      return;
    }
    this.isStopped = true;
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  new Autosave(form);
}
// A page that comes back from the browser's cache is written on.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});
