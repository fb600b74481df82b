import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addLayer, finishLayout } from "../../images/layout";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "layout-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function content(name: string, time: number): string {
  const stage = join(folder, name);
  for (const file of ["b/second", "a/first"]) {
    mkdirSync(join(stage, file, ".."), { recursive: true });
    writeFileSync(join(stage, file), file);
    utimesSync(join(stage, file), time, time);
  }
  return stage;
}

describe("OCI layout", () => {
  it("gives equal content equal digests, whenever and in whatever order it was written", async () => {
    const one = await addLayer(join(folder, "x"), content("one", 1000));
    const other = await addLayer(join(folder, "y"), content("other", 2_000_000));
    expect(one).toEqual(other);
  });

  it("names every blob by its digest, and the index leads from each reference to the layer", async () => {
    const layout = join(folder, "layout");
    const layer = await addLayer(layout, content("one", 1000));
    const references = ["registry.invalid/a:1", "registry.invalid/b:2"];
    finishLayout(layout, [{ references, layers: [layer], entrypoint: ["/a"] }], "amd64");

    const blobs = join(layout, "blobs", "sha256");
    for (const name of readdirSync(blobs)) {
      expect(
        createHash("sha256")
          .update(readFileSync(join(blobs, name)))
          .digest("hex"),
      ).toBe(name);
    }
    const read = (path: string) => JSON.parse(readFileSync(join(layout, path), "utf8"));
    const blob = (digest: string) => read(`blobs/sha256/${digest.slice("sha256:".length)}`);
    const { manifests } = read("index.json");
    const named = manifests.map((entry: { annotations: Record<string, string> }) => entry.annotations);
    expect(named.map((entry: Record<string, string>) => entry["io.containerd.image.name"])).toEqual(references);
    const manifest = blob(manifests[0].digest);
    expect(manifest.layers[0].digest).toBe(layer.digest);
    expect(manifest.layers[0].size).toBe(readFileSync(join(blobs, layer.digest.slice(7))).length);
    expect(blob(manifest.config.digest).rootfs.diff_ids).toEqual([layer.digest]);
    expect(blob(manifest.config.digest).config.Entrypoint).toEqual(["/a"]);
  });
});
