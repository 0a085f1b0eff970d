// Pictures on a canvas, and JPEGs from it.

const QUALITIES = [0.92, 0.86, 0.8, 0.74, 0.68];
const PASSPORT_WIDTHS = [3200, 2600, 2100, 1600];

export function toJpeg(canvas, quality) {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

export function scaled(source, width, height, longest, turns = 0) {
  const ratio = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  const sides = [Math.round(width * ratio), Math.round(height * ratio)];
  [canvas.width, canvas.height] = turns % 2 ? [sides[1], sides[0]] : sides;
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate((turns * Math.PI) / 2);
  pen.drawImage(source, -sides[0] / 2, -sides[1] / 2, ...sides);
  return canvas;
}

// Under the limit at the most pixels and the best quality that allow it; null where none does.
export async function compressed(canvas, below) {
  for (const width of PASSPORT_WIDTHS) {
    if (width > canvas.width && width !== PASSPORT_WIDTHS.at(-1)) {
      continue;
    }
    const longest = Math.max(canvas.width, canvas.height) * Math.min(1, width / canvas.width);
    const smaller = scaled(canvas, canvas.width, canvas.height, longest);
    for (const quality of QUALITIES) {
      const blob = await toJpeg(smaller, quality);
      if (blob.size < below) {
        return { blob, width: smaller.width, height: smaller.height };
      }
    }
  }
  return null;
}

export async function opened(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  await image.decode();
  return image;
}
