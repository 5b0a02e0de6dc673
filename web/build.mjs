// Makes dist/ from the NHS design system's package and this folder's own files.
// `locumbank`'s build script embeds everything it finds in dist/, so what is copied here is what is served.
//
//   node build.mjs [FOLDER]     FOLDER is where to write; dist/ beside this file when not given.

import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const dist = resolve(process.argv[2] ?? join(here, "dist"));
const designSystem = join(here, "node_modules", "nhsuk-frontend");

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

await styles();
await scripts();
await pictures();
await refuseRemoteHosts();

/** One compressed stylesheet: the design system and then our own rules, in that order. */
async function styles() {
  const compiled = sass.compile(join(here, "styles", "app.scss"), {
    style: "compressed",
    loadPaths: [join(designSystem, "dist", "nhsuk")],
    quietDeps: true,
  });
  await writeFile(join(dist, "app.css"), compiled.css + "\n");
}

/** The design system's module as published, less the link to its source map, and our few lines that start it. */
async function scripts() {
  const published = await readFile(join(designSystem, "dist", "nhsuk", "nhsuk-frontend.min.js"), "utf8");
  const withoutMap = published.replace(/^\/\/# sourceMappingURL=.*$/m, "").trimEnd();
  await writeFile(join(dist, "nhsuk-frontend.js"), withoutMap + "\n");
  await cp(join(here, "scripts"), dist, { recursive: true });
}

/** Icons of our own: the NHS logo is not ours to show. */
async function pictures() {
  await cp(join(here, "images"), join(dist, "images"), { recursive: true });
}

/** Pages ask no other host for anything: fails when a style or a script would. */
async function refuseRemoteHosts() {
  const names = (await readdir(dist)).filter((name) => /\.(css|js)$/.test(name));
  for (const name of names) {
    const text = await readFile(join(dist, name), "utf8");
    const remote = text.match(/(?:url\(\s*["']?|@import\s+["']?|from\s*["']|import\(\s*["'])https?:[^"')\s]*/);
    if (remote) {
      throw new Error(`${name} would load ${remote[0]}: serve it from dist/ instead`);
    }
  }
}
