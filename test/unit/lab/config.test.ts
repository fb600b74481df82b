import { describe, expect, it } from "vitest";
import { configFiles } from "../../lab/config/files";
import { renderIni } from "../../lab/config/ini";
import { catalog, labPaths, ports } from "../../lab/settings";

const paths = labPaths("/var/cache/atlas-site", "/src/test/lab");
const files = configFiles(paths, "nspawn");

/** Value of a key in a rendered INI text. */
function value(text: string, section: string, key: string): string | undefined {
  const body = new RegExp(`^\\[${section}\\]\\n((?:(?!\\[).*\\n)*)`, "m").exec(text)?.[1] ?? "";
  return new RegExp(`^${key} = (.*)$`, "m").exec(body)?.[1];
}

describe("renderIni", () => {
  it("repeats a key for a list and leaves undefined out", () => {
    expect(renderIni({ uwsgi: { env: ["A=1", "B=2"], pyargv: undefined, lazy: false } })).toBe(
      "[uwsgi]\nenv = A=1\nenv = B=2\nlazy = false\n",
    );
  });

  it("refuses a line break, which would start another key", () => {
    expect(() => renderIni({ DEFAULT: { host: "a\ndebug = true" } })).toThrow(/\[DEFAULT\] host.*line break/);
  });
});

describe("the services' configuration", () => {
  it("has every service listen on the loopback of the namespace only", () => {
    const addresses = Object.values(files).flatMap((text) => text.match(/\b\d+\.\d+\.\d+\.\d+\b/g) ?? []);
    expect(addresses.length).toBeGreaterThan(20);
    expect(new Set(addresses)).toEqual(new Set(["127.0.0.1"]));
  });

  it("keeps every file of the lab below the state folder, and reads only packaged files outside it", () => {
    const outside = Object.values(files)
      .flatMap((text) => text.match(/(?<![\w.:/])\/[\w./-]+/g) ?? [])
      .filter((path) => !path.startsWith(`${paths.state}/`));
    // Paths inside URLs follow a host and a port; what is left are the packages' own files.
    expect(outside.filter((path) => !/^\/(etc|usr)\//.test(path))).toEqual([]);
  });

  it("gives Nova the driver that was asked for", () => {
    expect(value(files["nova.conf"], "DEFAULT", "compute_driver")).toBe("atlas_lab.MachineDriver");
    expect(value(configFiles(paths, "fake")["nova.conf"], "DEFAULT", "compute_driver")).toBe("fake.FakeDriver");
  });

  it("serves each API at the address the catalogue tells", () => {
    for (const { service, url } of catalog) {
      const port = Number(new URL(url).port);
      expect(port).toBe(ports[service]);
      const served =
        service === "glance"
          ? value(files["glance-api.conf"], "DEFAULT", "bind_port")
          : value(files[`uwsgi-${service}.ini`], "uwsgi", "http-socket")?.split(":")[1];
      expect(served, service).toBe(String(port));
    }
  });

  it("has each service sign in as a user of its own", () => {
    for (const [file, user] of [
      ["placement.conf", "placement"],
      ["glance-api.conf", "glance"],
      ["nova.conf", "nova"],
      ["neutron.conf", "neutron"],
      ["octavia.conf", "octavia"],
      ["magnum.conf", "magnum"],
    ])
      expect(value(files[file], "keystone_authtoken", "username"), file).toBe(user);
  });

  it("depends on its inputs alone, so that a database snapshot is found again", () => {
    expect(configFiles(paths, "nspawn")).toEqual(files);
    expect(configFiles(labPaths("/elsewhere", "/src/test/lab"), "nspawn")["nova.conf"]).not.toBe(files["nova.conf"]);
  });
});
