import { describe, expect, it } from "vitest";
import { external } from "../../lab/content";
import { LOG_ARCHIVE, logArchiveConfig, logArchiveDaemon, logArchiveFile, logArchiveUrl } from "../../lab/logArchive";
import { daemons } from "../../lab/services";
import { labPaths, logArchive } from "../../lab/settings";

const paths = labPaths("/var/cache/atlas-site", "/src/test/lab");
const lastNumber = (address: string) => Number(address.split(".")[3]);

describe("the lab's log archive", () => {
  it("has an address of the outside world that is neither the router's nor ever a floating one", () => {
    expect(logArchive.address.split(".").slice(0, 3)).toEqual(external.cidr.split(".").slice(0, 3));
    expect(logArchive.address).not.toBe(external.gateway);
    expect(lastNumber(logArchive.address)).toBeLessThan(lastNumber(external.first));
    expect(logArchiveUrl).toBe(`http://${logArchive.address}:4318/v1/logs`);
  });

  it("runs in a lab whose machines boot, and only there", () => {
    const names = (driver: "nspawn" | "fake") => daemons(paths, driver).map(({ name }) => name);
    expect(names("nspawn")).toContain(LOG_ARCHIVE);
    expect(names("fake")).toEqual(names("nspawn").filter((name) => name !== LOG_ARCHIVE));
  });

  it("keeps program, configuration and logs in the lab's own folders, which `down` removes", () => {
    const named = [...logArchiveDaemon(paths).command, logArchiveFile(paths)].map((word) => word.replace(/^.*=/, ""));
    for (const path of named) expect(path.startsWith(`${paths.state}/`), path).toBe(true);
  });

  it("writes what comes in at the given place into the given file", () => {
    const config = JSON.parse(logArchiveConfig("/logs.json", "192.0.2.1:4318"));
    expect(config.receivers.otlp.protocols.http.endpoint).toBe("192.0.2.1:4318");
    expect(config.exporters.file.path).toBe("/logs.json");
    const { receivers, exporters } = config.service.pipelines.logs;
    expect([receivers, exporters]).toEqual([["otlp"], ["file"]]);
  });
});
