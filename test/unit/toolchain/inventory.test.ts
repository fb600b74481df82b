import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import packageJson from "../../../package.json";
import { versions } from "../../../versions";
import { imageCatalogue } from "../../images/catalogue";
import { inventory, modules } from "../../toolchain/inventory";
import { monitoringModules } from "../../toolchain/monitoringModules";
import { modulesFolder, readModule, wantedBinaries } from "../../toolchain/moduleFiles";

const byName = new Map(inventory().map(({ binary }) => [binary.name, binary]));

describe("inventory of the toolchain", () => {
  it("names each binary once", () => {
    expect(byName.size).toBe(inventory().length);
  });

  it("has exactly the module folders of the tree", () => {
    const folders = readdirSync(modulesFolder).filter((name) => existsSync(join(modulesFolder, name, "go.mod")));
    expect(folders.sort()).toEqual(modules.map(({ folder }) => folder).sort());
  });

  it("builds the version of each upstream program that its go.mod requires", () => {
    for (const { binary, module } of inventory().filter(({ binary }) => /^[a-z0-9.]+\.[a-z]+\//.test(binary.package))) {
      const required = readModule(module)
        .get("go.mod")!
        .toString()
        .split("\n")
        .map((line) => /^\s*(?:require\s+)?(\S+) (v\S+)/.exec(line))
        .filter((match) => match !== null)
        .filter(([, path]) => `${binary.package}/`.startsWith(`${path}/`))
        .map(([, , version]) => version);
      expect(required, binary.name).toEqual([`v${binary.moduleVersion ?? binary.version}`]);
    }
  });

  it("carries the Kubernetes version that sites get by default", () => {
    expect(byName.get("kubelet")!.version).toBe(versions.kubernetes);
  });

  it("carries the versions of the programs that watch a site, and of its log shipper", () => {
    const imageOf: Record<string, string> = {
      prometheus: versions.images.prometheus,
      promtool: versions.images.prometheus,
      alertmanager: versions.images.alertmanager,
      amtool: versions.images.alertmanager,
      "kube-state-metrics": versions.images.kubeStateMetrics,
      node_exporter: versions.images.nodeExporter,
      "kube-rbac-proxy": versions.images.kubeRbacProxy,
      "squid-exporter": versions.images.squidExporter,
      otelcol: versions.images.openTelemetryCollector,
    };
    const monitoring = monitoringModules.flatMap(({ binaries }) => binaries);
    expect(monitoring.map(({ name }) => name).sort()).toEqual(Object.keys(imageOf).sort());
    for (const { name, version } of monitoring) {
      expect(imageOf[name].slice(imageOf[name].lastIndexOf(":") + 1).replace(/^v/, ""), name).toBe(version);
    }
  });

  it("prints the version of each program that watches a site, by a stamp of the linker", () => {
    for (const { folder, stamps, binaries } of monitoringModules) {
      const stamped = Object.values(stamps ?? {}).map((value) => value.replace(/^v/, ""));
      for (const { version } of binaries) expect(stamped, folder).toContain(version);
    }
  });

  it("serves the releases of the npm SDKs that the program is written with", () => {
    const npm: Record<string, string> = packageJson.dependencies;
    for (const plugin of ["kubernetes", "openstack"]) {
      expect(byName.get(`pulumi-resource-${plugin}`)!.version).toBe(npm[`@pulumi/${plugin}`]);
    }
  });

  it("has every binary that an image needs", () => {
    const needed = imageCatalogue.flatMap(({ binaries }) => Object.keys(binaries));
    expect(needed.filter((name) => !byName.has(name))).toEqual([]);
  });

  it("refuses an unknown name and lists the known ones", () => {
    const go = { version: "go1.26.0", platform: "linux/amd64" };
    expect(() => wantedBinaries(go, ["kubelett"])).toThrow(/kubelett.*kubelet/);
  });
});
