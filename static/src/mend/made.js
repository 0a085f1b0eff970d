// JPEG that is asked for, made of what is inside the cropping frame.
import { cleanSignature, isColoured } from "./ink.js";
import { compressed, toJpeg } from "./jpeg.js";

// Says why nothing could be made of the picture.
export class Unmade extends Error {}

const MAKERS = { photo, signature, passport };

// The file as `blob` with its `width` and `height`.
export function made(cropping, wanted) {
  return MAKERS[wanted.kind](cropping, wanted);
}

export async function jpegOf(canvas, { width, height }) {
  return { blob: await toJpeg(canvas, 0.92), width, height };
}

function photo(cropping, { width, height }) {
  return jpegOf(cropping.canvas({ width, height }), { width, height });
}

async function signature(cropping, { width, height }) {
  const canvas = cropping.canvas({ width: width * 2, height: height * 2 });
  if (isColoured(canvas)) {
    throw new Unmade(
      "框内有红色或其他颜色的笔迹、印章，变成黑色就看不出来了。请用黑色笔在白纸上签名，不要盖章。",
    );
  }
  const clean = cleanSignature(canvas, { width, height });
  if (!clean) {
    throw new Unmade("框内没有找到笔迹。请把签名移到框内，或用黑色中粗笔重新签名。");
  }
  return jpegOf(clean, { width, height });
}

async function passport(cropping, { below }) {
  const small = await compressed(cropping.canvas(), below);
  if (!small) {
    throw new Unmade("缩小后仍超过1 MB，请框得小一些，或用300 dpi重新扫描。");
  }
  return small;
}
