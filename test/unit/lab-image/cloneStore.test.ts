import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const script = join(__dirname, "../../lab/image/clone-store.sh");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clone-"));
  mkdirSync(join(folder, "store/blobs"), { recursive: true });
  writeFileSync(join(folder, "store/blobs/layer"), "layer");
  writeFileSync(join(folder, "store/meta.db"), "database");
});
afterEach(() => rmSync(folder, { recursive: true }));

function clone(to: string): void {
  execFileSync("sh", [script, join(folder, "store"), join(folder, to)], { stdio: "pipe" });
}

describe("clone of a containerd store", () => {
  it("shares blobs and copies databases, so that no machine writes into another's", () => {
    clone("machines/one");
    const [from, to] = [join(folder, "store"), join(folder, "machines/one")];
    expect(statSync(join(to, "blobs/layer")).ino).toBe(statSync(join(from, "blobs/layer")).ino);
    writeFileSync(join(to, "meta.db"), "changed");
    expect(readFileSync(join(from, "meta.db"), "utf8")).toBe("database");
    expect(existsSync(`${to}.part`)).toBe(false);
  });

  it("refuses to write over a store that is there", () => {
    clone("one");
    expect(() => clone("one")).toThrow(/exists already/);
  });

  it("says so when there is nothing to clone", () => {
    rmSync(join(folder, "store"), { recursive: true });
    expect(() => clone("one")).toThrow(/no containerd store/);
  });
});
