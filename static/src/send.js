// One file sent to the server, with progress, and the answer read.

// A slow line is waited for as long as something moves.
const PATIENCE_MS = 120000;
// While the server is busy with others, another try is made as often as this.
const MOST_TRIES = 24;
const BUSY = [429, 503];
const MEBIBYTE = 1024 * 1024;

// As the server writes sizes.
function readable(bytes) {
  return bytes < MEBIBYTE ? `${Math.floor(bytes / 1024)} KB` : `${(bytes / MEBIBYTE).toFixed(1)} MB`;
}

// What the server would refuse of any file, told before it is sent; empty where there is nothing.
export function hintFor(file, most) {
  if (file.size === 0) {
    return "文件是空的，请重新选择。";
  }
  const size = `文件大小为${readable(file.size)}，应不超过${readable(most)}。`;
  return file.size > most ? size : "";
}

// What the server said of one file, or why there was no answer.
export class NoAnswer extends Error {}

// Sends again while the server says that it is busy with others' files.
export async function sendFile(form, file, { onBusy, ...options } = {}) {
  for (let tries = 1; ; tries += 1) {
    const answer = await sendOnce(form, file, options);
    if (!answer.retrySeconds || tries === MOST_TRIES) {
      return answer;
    }
    if (onBusy) {
      onBusy();
    }
    await new Promise((resolve) => setTimeout(resolve, answer.retrySeconds * 1000));
  }
}

function sendOnce(form, file, { original = null, address = form.action, onProgress = () => {} }) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("files", file, file.name);
  if (original) {
    body.append("original", original, original.name);
  }
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    let patience = 0;
    const wait = () => {
      clearTimeout(patience);
      patience = setTimeout(() => request.abort(), PATIENCE_MS);
    };
    request.addEventListener("loadend", () => clearTimeout(patience));
    request.upload.addEventListener("progress", (event) => {
      wait();
      if (event.lengthComputable) {
        onProgress(Math.floor((100 * event.loaded) / event.total));
      }
    });
    request.addEventListener("load", () => resolve(readAnswer(request)));
    for (const broken of ["error", "abort"]) {
      request.addEventListener(broken, () => reject(new NoAnswer("网络中断，没有传上。")));
    }
    wait();
    request.send(body);
  });
}

// What a page says that came instead of an answer, also one of the server in front.
const PAGES = {
  413: "文件太大，没有收下。",
  429: "操作太频繁，请稍后再试。",
  503: "系统正忙，请稍后再试。",
  fault: "服务器暂时出错，请稍后再试。",
  other: "登录可能已过期。请刷新页面，登录后再上传。",
};

function readAnswer(request) {
  const retrySeconds =
    BUSY.includes(request.status) ? Number(request.getResponseHeader("Retry-After")) || 0 : 0;
  try {
    const answer = JSON.parse(request.responseText);
    const told = answer.files ? answer.files[0] : null;
    return (
      told || {
        accepted: false,
        verdict: "没有收下",
        problems: answer.problems,
        warnings: [],
        retrySeconds,
      }
    );
  } catch {
    // A page came instead: the sign-in, or an error page.
    const problem = PAGES[request.status] || (request.status < 500 ? PAGES.other : PAGES.fault);
    return { accepted: false, verdict: "没有收下", problems: [problem], warnings: [], retrySeconds };
  }
}
