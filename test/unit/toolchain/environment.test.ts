import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pulumiEnvironment } from "../../toolchain/environment";
import type { Toolchain } from "../../toolchain/toolchain";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "environment-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function toolchain(name: string): Toolchain {
  const binDir = join(folder, name);
  mkdirSync(binDir);
  writeFileSync(join(binDir, "pulumi-resource-openstack"), "");
  return { binDir, cacheDir: folder, binary: (binary) => join(binDir, binary), key: () => "" };
}

describe("environment for pulumi", () => {
  it("puts the toolchain first on PATH and its plugins where Pulumi looks for version 3.15.2", () => {
    const tools = toolchain("one");
    const environment = pulumiEnvironment(tools, join(folder, "home"));
    expect(environment.PATH.startsWith(`${tools.binDir}:`)).toBe(true);
    expect(environment.PULUMI_HOME).toBe(join(folder, "home"));
    const plugin = join(folder, "home/plugins/resource-openstack-v3.15.2/pulumi-resource-openstack");
    expect(readlinkSync(plugin)).toBe(tools.binary("pulumi-resource-openstack"));
  });

  it("follows the toolchain when its binaries have changed, in a home that was used before", () => {
    pulumiEnvironment(toolchain("one"), join(folder, "home"));
    const tools = toolchain("two");
    pulumiEnvironment(tools, join(folder, "home"));
    const plugin = join(folder, "home/plugins/resource-openstack-v3.15.2/pulumi-resource-openstack");
    expect(readlinkSync(plugin)).toBe(tools.binary("pulumi-resource-openstack"));
  });
});
