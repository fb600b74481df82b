/**
 * containerd's configuration of a pool with lazy images, merged by the real containerd of the machines: the snapshotter is
 * taken, and nothing of the main file is lost. That the snapshotter itself works with this containerd is not shown.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { containerdConfig } from "../../components/cluster/kubeadm/nodeConfig";
import { containerdSnapshotterConfig } from "../../components/cvmfs/lazyImages";
import { versions } from "../../versions";
import { clusterParts } from "../support/clusterParts";
import { ensureToolchain, type Toolchain } from "../toolchain";
import { removeFolder } from "../support/removeFolder";

const MINUTE = 60_000;
const folder = mkdtempSync(join(tmpdir(), "atlas-site-containerd-"));
let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await ensureToolchain({ only: ["containerd"] });
}, 60 * MINUTE);

afterAll(() => removeFolder(folder));

/** What containerd makes of the machine's configuration, with these files laid over it; lines without their indent. */
function merged(imported: Record<string, string>): string[] {
  const imports = join(folder, "conf.d");
  mkdirSync(imports, { recursive: true });
  Object.entries(imported).forEach(([name, text]) => writeFileSync(join(imports, name), text));
  const main = join(folder, "config.toml");
  writeFileSync(main, containerdConfig(clusterParts("small").plan).replace("/etc/containerd/conf.d", imports));
  const dump = execFileSync(toolchain.binary("containerd"), ["--config", main, "config", "dump"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return dump.split("\n").map((line) => line.trim());
}

/** Lines of a table, up to the next one. */
function table(lines: readonly string[], name: string): string[] {
  const start = lines.indexOf(`[${name}]`) + 1;
  expect(start, `table ${name}`).toBeGreaterThan(0);
  const end = lines.findIndex((line, i) => i >= start && line.startsWith("["));
  return lines.slice(start, end === -1 ? undefined : end).filter((line) => line !== "");
}

test("containerd takes the snapshotter for images, tells it the layers, and pulls by itself", () => {
  const lines = merged({ "snapshotter.toml": containerdSnapshotterConfig() });
  expect(table(lines, "plugins.'io.containerd.cri.v1.images'")).toEqual(
    expect.arrayContaining([
      "snapshotter = 'cvmfs-snapshotter'",
      "disable_snapshot_annotations = false",
      "use_local_image_pull = true",
    ]),
  );
  expect(table(lines, "proxy_plugins.cvmfs-snapshotter")).toEqual(
    expect.arrayContaining(["type = 'snapshot'", "address = '/run/containerd-cvmfs-grpc/containerd-cvmfs-grpc.sock'"]),
  );
});

test("the pinned pause image and the cgroup driver of the main file stay", () => {
  const lines = merged({ "snapshotter.toml": containerdSnapshotterConfig() });
  expect(table(lines, "plugins.'io.containerd.cri.v1.images'.pinned_images")).toContain(
    `sandbox = '${versions.images.pause}'`,
  );
  expect(lines).toContain("SystemdCgroup = true");
});

test("without the file containerd is as it was: the ordinary snapshotter, no proxy", () => {
  removeFolder(join(folder, "conf.d"));
  const lines = merged({});
  expect(table(lines, "plugins.'io.containerd.cri.v1.images'")).toContain("snapshotter = 'overlayfs'");
  expect(lines.join("\n")).not.toContain("cvmfs");
});
