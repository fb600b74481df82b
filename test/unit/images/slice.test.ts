import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sliceFiles } from "../../images/slice";

let tree: string;
function put(path: string, text = ""): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "slice-"));
  mkdirSync(join(tree, "usr/bin"), { recursive: true });
  symlinkSync("usr/bin", join(tree, "bin"));
});
afterEach(() => rmSync(tree, { recursive: true }));

describe("slice of a Debian tree", () => {
  it("takes a package's files and links, under merged folders, without documentation", async () => {
    put("usr/bin/tool", "#!/bin/sh\n");
    symlinkSync("tool", join(tree, "usr/bin/alias"));
    put("usr/share/doc/tool/changelog");
    put("etc/tool.conf");
    const paths = ["/.", "/bin", "/bin/tool", "/bin/alias", "/usr/share/doc/tool/changelog", "/etc/tool.conf", "/gone"];
    put("var/lib/dpkg/info/tool.list", `${paths.join("\n")}\n`);
    expect(await sliceFiles(tree, ["tool"])).toEqual(["bin", "etc/tool.conf", "usr/bin/alias", "usr/bin/tool"]);
  });

  it("finds the list of a library, which carries the architecture", async () => {
    put("usr/lib/libx.conf");
    put("var/lib/dpkg/info/libx:amd64.list", "/usr/lib/libx.conf\n");
    expect(await sliceFiles(tree, ["libx"])).toEqual(["usr/lib/libx.conf"]);
  });

  it("says which package is not installed", async () => {
    await expect(sliceFiles(tree, ["absent"])).rejects.toThrow(/absent is not installed/);
  });
});
