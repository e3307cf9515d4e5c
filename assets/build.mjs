// Bundles our CSS and JS with the npm packages for the stated minimum browser (docs/adr/0005).
// Called by assets/build.py with the folder to write into.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundleJs } from "esbuild";
import { bundle as bundleCss, transform } from "lightningcss";
import { refuseTooNew } from "./check.mjs";
import { subset } from "./tabler.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "..", "node_modules");
const out = process.argv[2];

export const MINIMUM = { chrome: 97, firefox: 102, ios_saf: 15 };
const version = (major) => major << 16;
const cssTargets = Object.fromEntries(Object.entries(MINIMUM).map(([name, major]) => [name, version(major)]));
const jsTarget = [`chrome${MINIMUM.chrome}`, `firefox${MINIMUM.firefox}`, `ios${MINIMUM.ios_saf}`];

// Packages whose code is served; their licence texts are passed on.
const SERVED = ["@tabler/core", "@alpinejs/csp", "htmx.org", "tom-select", "echarts", "zrender"];
const LICENCE_FILES = ["LICENSE", "LICENSE.md", "NOTICE"];

// The compiler keeps each colour in lab() too, for browsers that have it; ours are within sRGB, so the plain one is
// the same everywhere, and half the size.
const LAB_BLOCK = /@supports \(color:lab\(0% 0 0\)\)\{(?:[^{}]*\{[^{}]*\})*\}/g;
const LAB_AGAIN = /([{;])([\w-]+):([^;{}]*);\2:[^;{}]*\blab\([^;{}]*/g;

function css() {
  const ours = bundleCss({ filename: join(here, "css", "qingfeng.css"), minify: false }).code.toString();
  const tokens = readFileSync(join(here, "css", "tokens.css"), "utf8");
  const theirs = subset(readFileSync(join(modules, "@tabler/core/dist/css/tabler.css"), "utf8"), tokens);
  const { code } = transform({
    filename: "qingfeng.css",
    code: Buffer.from(theirs + ours),
    minify: true,
    targets: cssTargets,
  });
  writeFileSync(join(out, "qingfeng.css"), code.toString().replace(LAB_BLOCK, "").replace(LAB_AGAIN, "$1$2:$3"));
}

// The voters' sheet stands alone: their pages take nothing else from us.
function ballotCss() {
  const { code } = bundleCss({ filename: join(here, "css", "ballot.css"), minify: true, targets: cssTargets });
  writeFileSync(join(out, "ballot.css"), code);
}

async function js(entry, name) {
  await bundleJs({
    entryPoints: [join(here, "js", entry)],
    outfile: join(out, name),
    bundle: true,
    format: "iife",
    minify: true,
    target: jsTarget,
    legalComments: "eof",
    charset: "utf8",
    sourcemap: false,
    logLevel: "warning",
    define: { "process.env.NODE_ENV": '"production"' },
  });
}

function licences() {
  const texts = SERVED.map((name) => {
    const about = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
    const found = LICENCE_FILES.map((file) => join(modules, name, file)).filter(existsSync);
    const author = about.author?.name ?? about.author ?? about.homepage ?? "";
    return [`${name} ${about.version} (${about.license}) ${author}`, ...found.map((file) => readFileSync(file, "utf8").trim())].join("\n\n");
  });
  writeFileSync(join(out, "third-party.txt"), `${texts.join(`\n\n${"-".repeat(72)}\n\n`)}\n`);
}

async function main() {
  mkdirSync(out, { recursive: true });
  css();
  ballotCss();
  await js("qingfeng.js", "qingfeng.js");
  await js("charts.js", "charts.js");
  licences();
  copyFileSync(join(here, "logo.svg"), join(out, "logo.svg"));
  for (const name of ["qingfeng.css", "ballot.css", "qingfeng.js", "charts.js"]) {
    refuseTooNew(name, readFileSync(join(out, name), "utf8"));
  }
}

main().catch((problem) => {
  // The compiler's errors carry the whole sheet; the message and the place are what one can act on.
  console.error(problem.message, problem.loc ?? "");
  process.exitCode = 1;
});
