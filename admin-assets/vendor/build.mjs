// Bundles the libraries that the panel's scripts import. `npm run build` writes dist/; `node build.mjs --out FOLDER`
// writes elsewhere, so that a test can compare byte for byte. The same versions always give the same bytes.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const named = process.argv.indexOf("--out");
const out = named > 0 ? path.resolve(process.argv[named + 1]) : path.join(here, "dist");
const bundles = ["idiomorph", "prosemirror"];

const result = await build({
    absWorkingDir: here,
    entryPoints: bundles.map((name) => ({ in: `${name}.entry.js`, out: name })),
    outdir: out,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    write: false,
    metafile: true,
});
await mkdir(out, { recursive: true });
const manifest = {};
for (const file of result.outputFiles) {
    const name = path.basename(file.path);
    await writeFile(path.join(out, name), file.contents);
    manifest[name] = createHash("sha256").update(file.contents).digest("hex");
}
const licences = await licencesOf(packagesOf(result.metafile));
await writeFile(path.join(out, "LICENSES.txt"), licences);
manifest["LICENSES.txt"] = createHash("sha256").update(licences).digest("hex");
await writeFile(path.join(out, "manifest.json"), `${JSON.stringify(manifest, Object.keys(manifest).sort(), 2)}\n`);

/** The packages of which something went into the bundles. */
function packagesOf(metafile) {
    const inputs = Object.keys(metafile.inputs).filter((input) => input.startsWith("node_modules/"));
    return [...new Set(inputs.map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(input)[1]))].sort();
}

/** Name, version and licence text of each. */
async function licencesOf(packages) {
    const parts = [];
    for (const name of packages) {
        const folder = path.join(here, "node_modules", name);
        const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
        const file = (await readdir(folder)).find((entry) => /^licen[cs]e/iu.test(entry));
        if (!file) throw new Error(`${name} has no licence file`);
        const text = (await readFile(path.join(folder, file), "utf8")).trim();
        parts.push(`${name} ${about.version} (${about.license})\n\n${text}\n`);
    }
    return parts.join(`\n${"-".repeat(72)}\n\n`);
}
