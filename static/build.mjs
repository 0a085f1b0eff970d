// Builds static/build: the theme from Sass, our scripts, and what is served from npm packages.
// Scripts stay the modules that they are, minified; the storage of static files names them by their
// content.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "build");
const packages = join(here, "..", "node_modules");

const served = {
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

// As short as a phone wants it, and without a reference to a source map: the hashing storage refuses
// one to a missing file.
async function minified(text) {
  const { code } = await transform(text, {
    minify: true,
    charset: "utf8",
    legalComments: "none",
  });
  return code;
}

for (const name of ["theme", "mending", "no-scripts"]) {
  const style = sass.compile(join(source, `${name}.scss`), {
    loadPaths: [packages],
    style: "compressed",
    // Bootstrap 5.3 is written with @import throughout; only warnings of our own files count.
    quietDeps: true,
    silenceDeprecations: ["import"],
  });
  write(`${name}.css`, style.css);
}

// Of Bootstrap's scripts the few that pages use, as one file.
const bundle = await build({
  entryPoints: [join(source, "bootstrap.js")],
  nodePaths: [packages],
  bundle: true,
  minify: true,
  format: "esm",
  write: false,
});
write("bootstrap.js", bundle.outputFiles[0].text);

const written = (name) => /\.(js|svg|png)$/.test(name) && name !== "bootstrap.js";
for (const name of filesIn(source).filter(written)) {
  const content = readFileSync(join(source, name));
  write(name, name.endsWith(".js") ? await minified(content.toString()) : content);
}

const symbols = icons.map((name) => {
  const text = readFileSync(join(packages, "bootstrap-icons", "icons", `${name}.svg`), "utf8");
  const drawn = text.slice(text.indexOf(">") + 1, text.lastIndexOf("</svg>")).trim();
  return `<symbol id="${name}" viewBox="0 0 16 16">${drawn}</symbol>`;
});
write("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);

for (const [name, path] of Object.entries(served)) {
  write(name, await minified(readFileSync(join(packages, path), "utf8")));
}

for (const name of stale) {
  rmSync(join(target, name));
}
