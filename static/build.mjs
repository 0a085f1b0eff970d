// Builds static/build: the theme from Sass, our scripts, and what is served from npm packages.
// Scripts stay the modules that they are; the storage of static files names them by their content.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "build");
const packages = join(here, "..", "node_modules");

const served = {
  "bootstrap.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
  "cropper.js": "cropperjs/dist/cropper.esm.js",
  "signature-pad.js": "signature_pad/dist/signature_pad.min.js",
};

// Of bootstrap-icons those that pages show, together in one file: `{% icon "telephone" %}`.
const icons = [
  "cash-coin",
  "chat-dots",
  "check-circle",
  "clock-history",
  "download",
  "file-earmark-text",
  "fonts",
  "geo-alt",
  "globe-asia-australia",
  "lightning-charge",
  "newspaper",
  "person-check",
  "question-circle",
  "search",
  "signpost-split",
  "telephone",
];

// Names of the files below a folder, from that folder.
function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesIn(join(folder, entry.name)).map((name) => join(entry.name, name))
      : [entry.name],
  );
}

mkdirSync(target, { recursive: true });
const stale = new Set(filesIn(target));

function write(name, text) {
  mkdirSync(dirname(join(target, name)), { recursive: true });
  writeFileSync(join(target, name), text);
  stale.delete(name);
}

for (const name of ["theme", "no-scripts"]) {
  const style = sass.compile(join(source, `${name}.scss`), {
    loadPaths: [packages],
    style: "compressed",
    // Bootstrap 5.3 is written with @import throughout; only warnings of our own files count.
    quietDeps: true,
  });
  write(`${name}.css`, style.css);
}

for (const name of filesIn(source).filter((name) => /\.(js|svg|png)$/.test(name))) {
  write(name, readFileSync(join(source, name)));
}

const symbols = icons.map((name) => {
  const text = readFileSync(join(packages, "bootstrap-icons", "icons", `${name}.svg`), "utf8");
  const drawn = text.slice(text.indexOf(">") + 1, text.lastIndexOf("</svg>")).trim();
  return `<symbol id="${name}" viewBox="0 0 16 16">${drawn}</symbol>`;
});
write("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);

for (const [name, path] of Object.entries(served)) {
  // Source maps are not served, and the hashing storage refuses a reference to a missing file.
  const text = readFileSync(join(packages, path), "utf8");
  write(name, text.replace(/^\/\/# sourceMappingURL=.*$/m, ""));
}

for (const name of stale) {
  rmSync(join(target, name));
}
