// Says at once what the server would say after an upload: size, kind and pixels of a chosen file.
// It only hints. Whatever is chosen can be sent, and the server decides.
"use strict";

const MEBIBYTE = 1024 * 1024;

// As the server writes sizes.
function readable(bytes) {
  return bytes < MEBIBYTE ? `${Math.floor(bytes / 1024)} KB` : `${(bytes / MEBIBYTE).toFixed(1)} MB`;
}

// Width and height as the picture is shown, or null for what the browser cannot open.
async function pixelsOf(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const size = [bitmap.width, bitmap.height];
    bitmap.close();
    return size;
  } catch {
    return null;
  }
}

async function hintsFor(file, rules) {
  const hints = [];
  if (file.size === 0) {
    hints.push("文件是空的，请重新选择。");
  }
  if (file.size >= rules.most) {
    hints.push(`文件大小为${readable(file.size)}，应小于${readable(rules.most)}。`);
  }
  if (rules.types && file.type && !rules.types.includes(file.type)) {
    hints.push("这里只收JPG图片，请在看图软件中另存为JPG后再选。");
  }
  if (rules.width) {
    const size = await pixelsOf(file);
    if (size && (size[0] !== rules.width || size[1] !== rules.height)) {
      hints.push(
        `应为宽${rules.width}×高${rules.height}像素，选的是${size[0]}×${size[1]}像素，需要裁剪。`,
      );
    }
  }
  return hints;
}

function watch(input, place) {
  const rules = {
    types: place.dataset.types ? place.dataset.types.split(",") : null,
    most: Number(place.dataset.below) || Number(place.dataset.most),
    width: Number(place.dataset.width),
    height: Number(place.dataset.height),
  };
  let latest = 0;
  input.addEventListener("change", async () => {
    const turn = ++latest;
    const files = [...input.files];
    const found = await Promise.all(files.map((file) => hintsFor(file, rules)));
    if (turn !== latest) {
      return; // another file was chosen meanwhile
    }
    place.replaceChildren();
    files.forEach((file, index) => {
      for (const hint of found[index]) {
        const line = document.createElement("p");
        line.className = "text-danger mb-1";
        line.textContent = `${file.name}：${hint}`;
        place.append(line);
      }
    });
  });
}

const place = document.getElementById("upload-hints");
const input = document.querySelector("main input[type=file]");
if (place && input) {
  // Beside the field, where eyes and screen readers are.
  input.after(place);
  watch(input, place);
}
