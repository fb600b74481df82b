import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command";

/** A blob of an image: its digest with algorithm, and its length in bytes. */
export interface Blob {
  digest: string;
  size: number;
}

/** One image of a layout. */
export interface LayoutImage {
  references: readonly string[];
  layers: readonly Blob[];
  entrypoint: readonly string[];
}

const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Packs a folder as a layer. The same content gives the same bytes: names sorted, no times, everything root's.
 *
 * @param layout folder of the OCI layout
 */
export async function addLayer(layout: string, folder: string): Promise<Blob> {
  const blobs = blobFolder(layout);
  const packed = join(blobs, `packing-${process.pid}`);
  const ownerAndTime = ["--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
  // Hard links in a layer would tie files of different folders together, so each is written out as a file.
  await run("tar", "--sort=name", "--hard-dereference", ...ownerAndTime, "-C", folder, "-cf", packed, ".");
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(packed)) hash.update(chunk as Buffer);
  const digest = hash.digest("hex");
  const { size } = statSync(packed);
  renameSync(packed, join(blobs, digest));
  return { digest: `sha256:${digest}`, size };
}

/** Writes configurations, manifests and the index; the folder is then an OCI image layout that `ctr` can import. */
export function finishLayout(layout: string, images: readonly LayoutImage[], architecture: string): void {
  const manifests = images.flatMap(({ references, layers, entrypoint }) => {
    const config = addJson(layout, {
      architecture,
      os: "linux",
      config: { Env: [path], ...(entrypoint.length > 0 ? { Entrypoint: entrypoint } : { Cmd: ["/bin/bash"] }) },
      rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    });
    const manifest = addJson(layout, {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
      layers: layers.map((layer) => ({ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer })),
    });
    return references.map((reference) => ({
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      ...manifest,
      annotations: { "io.containerd.image.name": reference, "org.opencontainers.image.ref.name": reference },
    }));
  });
  writeFileSync(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}

function addJson(layout: string, value: object): Blob {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = createHash("sha256").update(bytes).digest("hex");
  writeFileSync(join(blobFolder(layout), digest), bytes);
  return { digest: `sha256:${digest}`, size: bytes.length };
}

function blobFolder(layout: string): string {
  const folder = join(layout, "blobs", "sha256");
  mkdirSync(folder, { recursive: true });
  return folder;
}
