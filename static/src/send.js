// One file sent to the server, with progress, and the answer read.

// A slow line is waited for as long as something moves.
const PATIENCE_MS = 120000;
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

export function sendFile(form, file, { original = null, onProgress = () => {} } = {}) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("files", file, file.name);
  if (original) {
    body.append("original", original, original.name);
  }
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
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

function readAnswer(request) {
  try {
    const answer = JSON.parse(request.responseText);
    const told = answer.files ? answer.files[0] : null;
    return told || { accepted: false, verdict: "没有收下", problems: answer.problems, warnings: [] };
  } catch {
    // A page came instead: the sign-in, or an error page.
    const problem =
      request.status < 500 ? "登录可能已过期。请刷新页面，登录后再上传。" : "服务器暂时出错，请稍后再试。";
    return { accepted: false, verdict: "没有收下", problems: [problem], warnings: [] };
  }
}
