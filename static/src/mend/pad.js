// A pad to sign on, which keeps what was written when the phone is turned.
import SignaturePad from "../signature-pad.js";

// Strokes are drawn in the canvas' own pixels, however wide the screen shows it.
function fitPad(pad, canvas, width, growth = 1) {
  const ratio = canvas.width / width;
  canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
  pad.minWidth = 5 / ratio;
  pad.maxWidth = 12 / ratio;
  const strokes = pad.toData().map((stroke) => ({
    ...stroke,
    minWidth: pad.minWidth,
    maxWidth: pad.maxWidth,
    points: stroke.points.map((point) => ({ ...point, x: point.x * growth, y: point.y * growth })),
  }));
  pad.fromData(strokes);
}

// `canvas` is on the page already.
export function openPad(canvas) {
  const pad = new SignaturePad(canvas, { backgroundColor: "#fff", penColor: "#111" });
  let shown = canvas.getBoundingClientRect().width;
  fitPad(pad, canvas, shown);
  new ResizeObserver(() => {
    const width = canvas.getBoundingClientRect().width;
    if (width && width !== shown) {
      fitPad(pad, canvas, width, width / shown);
      shown = width;
    }
  }).observe(canvas);
  return pad;
}
