// Whitens the ground of a signature and sets its strokes in the middle, as the server does.

const PAPER = 0.86;
const INK = 0.74;
// As the server has them for coloured ink.
const INK_CHROMA = 60;
const MOST_COLOURED = 0.08;
const CELL = 16;
const REACH = 4;
const MARGIN = 28;

// The brightest of each cell and of those around it, which is paper wherever strokes are thin.
function paperGrid(grey, width, height) {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const brightest = new Float32Array(columns * rows);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const cell = Math.floor(y / CELL) * columns + Math.floor(x / CELL);
      brightest[cell] = Math.max(brightest[cell], grey[y * width + x]);
    }
  }
  const around = (values, pick) => {
    const made = new Float32Array(values.length);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const found = [];
        for (let y = Math.max(0, row - REACH); y <= Math.min(rows - 1, row + REACH); y += 1) {
          for (let x = Math.max(0, column - REACH); x <= Math.min(columns - 1, column + REACH); x += 1) {
            found.push(values[y * columns + x]);
          }
        }
        made[row * columns + column] = pick(found);
      }
    }
    return made;
  };
  const mean = (found) => found.reduce((sum, value) => sum + value, 0) / found.length;
  return { columns, rows, values: around(around(brightest, (f) => Math.max(...f)), mean) };
}

function paperAt(grid, x, y) {
  const across = Math.min(grid.columns - 1, Math.max(0, x / CELL - 0.5));
  const down = Math.min(grid.rows - 1, Math.max(0, y / CELL - 0.5));
  const left = Math.floor(across);
  const top = Math.floor(down);
  const right = Math.min(grid.columns - 1, left + 1);
  const bottom = Math.min(grid.rows - 1, top + 1);
  const at = (column, row) => grid.values[row * grid.columns + column];
  const upper = at(left, top) * (1 - across + left) + at(right, top) * (across - left);
  const lower = at(left, bottom) * (1 - across + left) + at(right, bottom) * (across - left);
  return Math.max(1, upper * (1 - down + top) + lower * (down - top));
}

function sharesOfPaper(pixels, width, height) {
  const grey = new Float32Array(width * height);
  for (let i = 0; i < grey.length; i += 1) {
    grey[i] = 0.299 * pixels[4 * i] + 0.587 * pixels[4 * i + 1] + 0.114 * pixels[4 * i + 2];
  }
  const grid = paperGrid(grey, width, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      grey[y * width + x] /= paperAt(grid, x, y);
    }
  }
  return grey;
}

// Where the strokes are; a speck of dust has too few dark neighbours to count. Null without ink.
function inkBox(shares, width, height) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      let dark = 0;
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          dark += shares[(y + dy) * width + x + dx] < INK ? 1 : 0;
        }
      }
      if (dark >= 6) {
        left = Math.min(left, x - 1);
        top = Math.min(top, y - 1);
        right = Math.max(right, x + 2);
        bottom = Math.max(bottom, y + 2);
      }
    }
  }
  return right > left ? { left, top, width: right - left, height: bottom - top } : null;
}

// Red ink or a seal, which would pass for strokes once it is black. Blue ink is taken.
export function isColoured(source) {
  const context = source.getContext("2d", { willReadFrequently: true });
  const { data } = context.getImageData(0, 0, source.width, source.height);
  const shares = sharesOfPaper(data, source.width, source.height);
  let [strokes, coloured, red, blue] = [0, 0, 0, 0];
  for (let i = 0; i < shares.length; i += 1) {
    if (shares[i] < INK) {
      const [r, g, b] = data.subarray(4 * i, 4 * i + 3);
      strokes += 1;
      if (Math.max(r, g, b) - Math.min(r, g, b) > INK_CHROMA) {
        coloured += 1;
        red += r;
        blue += b;
      }
    }
  }
  return coloured > MOST_COLOURED * strokes && red >= blue;
}

// A canvas of `width`×`height`, white with dark strokes and a margin; null where no ink was found.
export function cleanSignature(source, { width, height }) {
  const context = source.getContext("2d", { willReadFrequently: true });
  const image = context.getImageData(0, 0, source.width, source.height);
  const shares = sharesOfPaper(image.data, source.width, source.height);
  const box = inkBox(shares, source.width, source.height);
  if (!box) {
    return null;
  }
  const ink = shares.filter((share) => share < INK).sort();
  const darkest = ink[Math.floor(ink.length * 0.4)];
  for (let i = 0; i < shares.length; i += 1) {
    const level = (255 * (shares[i] - darkest)) / (PAPER - darkest);
    image.data[4 * i] = image.data[4 * i + 1] = image.data[4 * i + 2] = level;
    image.data[4 * i + 3] = 255;
  }
  const strokes = document.createElement("canvas");
  strokes.width = source.width;
  strokes.height = source.height;
  strokes.getContext("2d").putImageData(image, 0, 0);
  const made = document.createElement("canvas");
  made.width = width;
  made.height = height;
  const ratio = Math.min((width - 2 * MARGIN) / box.width, (height - 2 * MARGIN) / box.height);
  const pen = made.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(
    strokes,
    box.left,
    box.top,
    box.width,
    box.height,
    (width - box.width * ratio) / 2,
    (height - box.height * ratio) / 2,
    box.width * ratio,
    box.height * ratio,
  );
  return made;
}
