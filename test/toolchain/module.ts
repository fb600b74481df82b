/** One binary of the toolchain. */
export interface Binary {
  /** File name, as others look for it on PATH. */
  name: string;
  /** Version of the software inside, without a leading `v`; for a Pulumi plugin the release of the npm SDK it serves. */
  version: string;
  /** Main package: an import path, or `./x` below the module folder for a main of ours. */
  package: string;
  /** What it is for, or of what it is a stand-in; shown by `npm run toolchain`. */
  purpose: string;
  /** Version of the Go module, without a leading `v`, where it is another than that of the software inside. */
  moduleVersion?: string;
}

/** A Go module folder under `test/toolchain/go/` and the binaries that come from it by one `go build`. */
export interface Module {
  /** Folder name under `test/toolchain/go/`. */
  folder: string;
  /** String variables set at link time: `import/path.Variable` to value. */
  stamps?: Record<string, string>;
  /** Go's build tags: what upstream's release is built with, or parts left out that nothing here uses. */
  tags?: readonly string[];
  /** Files of a required module that our main embeds: they are copied next to it in a scratch copy before the build. */
  embeds?: { module: string; files: string[] };
  /** Files of ours that are added to a copy of a required module, or replace its own: path there → path in our folder. */
  additions?: { module: string; files: Record<string, string> };
  /** Built only when one of its binaries is asked for by name: neither the lab nor `npm run toolchain` alone needs it. */
  onDemand?: true;
  binaries: Binary[];
}
