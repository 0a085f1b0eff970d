// Signing on the screen, as a step of the panel.
import { button, element } from "../elements.js";
import { cleanSignature } from "./ink.js";
import { jpegOf } from "./made.js";

// `done` gets the signature as a JPEG of the prescribed size.
export async function signOnScreen(panel, wanted, { done, leave }) {
  const canvas = element("canvas", "mend__pad");
  [canvas.width, canvas.height] = [wanted.width * 2, wanted.height * 2];
  canvas.setAttribute("aria-label", "签名板");
  canvas.setAttribute("role", "img");
  const bar = element("div", "page-actions");
  // Fetched when somebody signs on the screen.
  const fetched = import("./pad.js");
  panel.fill([
    element("h3", "mend__title", "在屏幕上签名"),
    element("p", "", "请申请人本人用手指或触控笔在框内签名，写大一些，与护照上的签名一致。"),
    canvas,
    bar,
  ]);
  canvas.scrollIntoView({ block: "center" });
  let pad;
  try {
    const { openPad } = await fetched;
    pad = openPad(canvas);
  } catch {
    panel.complain(["签名板没有加载成功。请检查网络后再试，或者上传签名的照片。"]);
    return;
  }
  const finish = async () => {
    const clean = pad.isEmpty() ? null : cleanSignature(canvas, wanted);
    if (clean) {
      done(await jpegOf(clean, wanted));
    } else {
      panel.complain(["还没有签名。请先在框内签名。"]);
    }
  };
  bar.append(
    button("签好了，看结果", "btn btn-primary", finish),
    button("擦掉重签", "btn btn-outline-secondary", () => pad.clear()),
    button("关闭", "btn btn-outline-secondary", leave),
  );
}
