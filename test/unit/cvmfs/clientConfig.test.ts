/** What the CVMFS client is told, and that pods can only mount it in the one way that works. */
import { clientSite } from "../../support/componentArgs";
import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { planPools } from "../../../components/cloud/plan";
import {
  clientParameters,
  defaultLocal,
  proxyList,
  repositoryParameters,
} from "../../../components/cvmfs/clientConfig";
import { configMapData } from "../../../components/cvmfs/csi/configuration";
import { hostCvmfs } from "../../../components/cvmfs/host";
import { cvmfsVolume } from "../../../components/cvmfs/volume";
import { cvmfsSchema } from "../../../stacks/site/schema/cvmfs";
import type { Site } from "../../../stacks/site/site";
import { cvmfsSite } from "./cvmfsSites";

const OWN_SQUIDS = "http://10.64.2.1:30128|http://10.64.2.2:30128";

/** Any list of proxies that the schema takes. */
const anyProxies = fc.uniqueArray(
  fc.oneof(
    fc.constant("DIRECT"),
    fc
      .tuple(fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/), fc.integer({ min: 10, max: 65_535 }))
      .map(([host, port]) => {
        return `http://${host}:${port}`;
      }),
  ),
  { maxLength: 4 },
);

/** Any parameters that the schema takes. */
const anyParameters = fc.dictionary(
  fc.stringMatching(/^CVMFS_[A-Z0-9_]{1,20}$/),
  fc.stringMatching(/^[ !#-&(-[\]-~]{1,40}$/),
);

/** A site as parsed, whatever the cross-checks would say. */
function anySite(base: Site, keys: object): Site {
  return { ...base, cvmfs: cvmfsSchema.parse(keys) };
}

describe("proxies", () => {
  test("of hosts are the squids' node ports at the planned addresses of their machines, sharing the load", () => {
    expect(proxyList(clientSite(cvmfsSite({ mode: "host" })))).toBe(OWN_SQUIDS);
  });

  test("of pods are the name that has an address for each squid", () => {
    const csi = cvmfsSite({ mode: "csi" });
    expect(proxyList(clientSite(csi))).toBe("http://squid.atlas-site-squid.svc.cluster.local:3128");
  });

  test("of others come after the site's own, one after another", () => {
    const proxies = ["http://near.example:3128", "http://far.example:3128"];
    const list = `${OWN_SQUIDS};http://near.example:3128;http://far.example:3128`;
    expect(proxyList(clientSite(cvmfsSite({ mode: "host", proxies })))).toBe(list);
  });

  test("make a text that the client can take apart again, whatever the site names", () => {
    const base = cvmfsSite({ mode: "host" });
    fc.assert(
      fc.property(anyProxies, fc.constantFrom("host", "csi"), fc.boolean(), (proxies, mode, squid) => {
        const section = { mode, proxies, ...(squid ? { squid: { pool: "services", exposure: "nodePort" } } : {}) };
        const text = proxyList(clientSite(anySite(base, section)));
        const groups = text === "" ? [] : text.split(";");
        expect(groups.slice(squid ? 1 : 0)).toEqual(proxies);
        for (const proxy of groups.flatMap((group) => group.split("|"))) {
          expect(proxy).toMatch(/^(DIRECT|http:\/\/[a-z0-9.-]+:\d+)$/);
        }
      }),
    );
  });
});

describe("default.local", () => {
  test("says proxies, sharding, quota, cache and repositories", () => {
    expect(
      clientParameters(clientSite(cvmfsSite({ mode: "host", repositories: ["atlas.cern.ch", "sft.cern.ch"] }))),
    ).toEqual({
      CVMFS_REPOSITORIES: "atlas.cern.ch,sft.cern.ch",
      CVMFS_HTTP_PROXY: OWN_SQUIDS,
      CVMFS_PROXY_SHARD: "yes",
      CVMFS_USE_GEOAPI: "yes",
      CVMFS_QUOTA_LIMIT: "20000",
      CVMFS_CACHE_BASE: "/var/lib/cvmfs",
    });
    expect(clientParameters(clientSite(cvmfsSite({ mode: "csi" }))).CVMFS_CACHE_BASE).toBe("/cvmfs-localcache");
  });

  test("asks for no sharding without squids of the site's own", () => {
    const parameters = clientParameters(
      clientSite(cvmfsSite({ mode: "csi", squid: undefined, proxies: ["http://a.example:3128"] })),
    );
    expect(parameters).not.toHaveProperty("CVMFS_PROXY_SHARD");
  });

  test("asks for sharding only where the client can choose among squids", () => {
    const sharded = (mode: string, squid: object) =>
      "CVMFS_PROXY_SHARD" in clientParameters(clientSite(cvmfsSite({ mode, squid: { pool: "services", ...squid } })));
    // Two machines. One squid, or machines that hand requests on: every address leads to any squid.
    const nodePort = { exposure: "nodePort" };
    expect(sharded("csi", { replicas: 1 })).toBe(false);
    expect(sharded("csi", { replicas: 2 })).toBe(true);
    expect(sharded("host", { ...nodePort, replicas: 1 })).toBe(false);
    expect(sharded("host", { ...nodePort, replicas: 2 })).toBe(true);
    const { cloud, ...rest } = cvmfsSite({ mode: "host" });
    const pools = { ...cloud!.pools, services: { ...cloud!.pools.services, count: 1 } };
    const oneMachine = { ...rest, cloud: { ...cloud!, pools } };
    expect(clientParameters(clientSite(oneMachine))).not.toHaveProperty("CVMFS_PROXY_SHARD");
  });

  test("lets the site's own parameters win", () => {
    const given = { CVMFS_USE_GEOAPI: "no", CVMFS_TIMEOUT: "20" };
    expect(clientParameters(clientSite(cvmfsSite({ mode: "host", parameters: given })))).toMatchObject(given);
  });

  test("is read by a shell as it was meant, whatever the values", () => {
    const base = cvmfsSite({ mode: "host" });
    fc.assert(
      fc.property(anyParameters, (parameters) => {
        const made = anySite(base, { mode: "host", proxies: ["http://a.example:3128"], parameters });
        const keys = Object.keys(clientParameters(clientSite(made)));
        const script = `${defaultLocal(clientSite(made))}printf '%s\\0' ${keys.map((key) => `"$${key}"`).join(" ")}`;
        const read = execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8", env: {} })
          .split("\0")
          .slice(0, -1);
        expect(read).toEqual(Object.values(clientParameters(clientSite(made))));
      }),
      { numRuns: 20 },
    );
  });

  test("refuses what quotes cannot hold, in the schema and again when it is written", () => {
    for (const value of ["it's", 'say "x"', "two\nlines", "back\\slash"]) {
      const section = { mode: "host", parameters: { CVMFS_TIMEOUT: value } };
      expect(cvmfsSchema.safeParse(section).success).toBe(false);
      const made = cvmfsSite({ mode: "host" });
      const forced = { ...made, cvmfs: { ...made.cvmfs, parameters: { CVMFS_TIMEOUT: value } } } as Site;
      expect(() => defaultLocal(clientSite(forced))).toThrow(
        /CVMFS_TIMEOUT is .*must be one line without quotes and backslashes/,
      );
    }
  });
});

describe("cvmfs.parameters", () => {
  /**
   * Reads files of /etc/cvmfs in the client's order, by a shell as its scripts do. The texts besides ours are what the package and
   * the configuration repository of the real client set again after default.local.
   */
  function effective(site: Site, repository: string): Record<string, string> {
    const files = repositoryParameters(clientSite(site));
    const again =
      "CVMFS_USE_GEOAPI=yes\nCVMFS_SERVER_URL='http://one/cvmfs/@fqrn@'\nCVMFS_KEYS_DIR=/etc/cvmfs/keys/cern.ch\n";
    const order = [defaultLocal(clientSite(site)), again, again, files[`${repository}.local`] ?? ""];
    const names = ["CVMFS_USE_GEOAPI", "CVMFS_SERVER_URL", "CVMFS_KEYS_DIR", "CVMFS_TIMEOUT"];
    const script = `${order.join("\n")}\nprintf '%s\\0' ${names.map((name) => `"$${name}"`).join(" ")}`;
    const values = execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8", env: {} }).split("\0");
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
  }

  test("are what each repository runs with in both modes, also where domain.d and config.d set them again", () => {
    const parameters = {
      CVMFS_USE_GEOAPI: "no",
      CVMFS_SERVER_URL: "http://s1.example/cvmfs/@fqrn@",
      CVMFS_KEYS_DIR: "/etc/cvmfs/keys/site",
      CVMFS_TIMEOUT: "20",
    };
    for (const mode of ["host", "csi"]) {
      const site = cvmfsSite({ mode, repositories: ["atlas.cern.ch", "oasis.opensciencegrid.org"], parameters });
      for (const repository of ["cvmfs-config.cern.ch", "atlas.cern.ch", "oasis.opensciencegrid.org"]) {
        expect(effective(site, repository)).toEqual(parameters);
      }
    }
  });

  test("reach the machines as files, and the driver's pods as a ConfigMap", () => {
    const given = { repositories: ["atlas.cern.ch"], parameters: { CVMFS_USE_GEOAPI: "no" } };
    const csi = configMapData(clientSite(cvmfsSite({ mode: "csi", ...given })));
    expect(csi.repositories["atlas.cern.ch.local"]).toContain("CVMFS_USE_GEOAPI='no'\n");
    const site = cvmfsSite({ mode: "host", ...given });
    const [[, machine]] = planPools(site.site.name, site.cloud!)
      .filter(({ name }) => name === "batch")
      .map(({ name, machines }) => [name, machines[0]] as const);
    const files = hostCvmfs(site)(machine, site.cloud!.pools.batch).files.map(({ path }) => path);
    expect(files).toContain("/etc/cvmfs/config.d/atlas.cern.ch.local");
    expect(files).toContain("/etc/cvmfs/config.d/cvmfs-config.cern.ch.local");
  });

  test("that are none make no file", () => {
    expect(repositoryParameters(clientSite(cvmfsSite({ mode: "host" })))).toEqual({});
  });
});

describe("the volume", () => {
  test("is read-only and follows mounts of the host, in every mode", () => {
    fc.assert(
      fc.property(fc.constantFrom("host", "csi"), anyProxies, (mode, proxies) => {
        const { volume, mount } = cvmfsVolume(cvmfsSchema.parse({ mode, proxies }))!;
        expect(mount).toEqual({
          name: volume.name,
          mountPath: "/cvmfs",
          readOnly: true,
          mountPropagation: "HostToContainer",
        });
      }),
    );
  });

  test("is the host's folder, which must be there, or the namespace's claim", () => {
    expect(cvmfsVolume(cvmfsSchema.parse({ mode: "host" }))!.volume).toEqual({
      name: "cvmfs",
      hostPath: { path: "/cvmfs", type: "Directory" },
    });
    expect(cvmfsVolume(cvmfsSchema.parse({ mode: "csi" }))!.volume).toEqual({
      name: "cvmfs",
      persistentVolumeClaim: { claimName: "cvmfs", readOnly: true },
    });
    expect(cvmfsVolume({ mode: "none" })).toBeUndefined();
  });
});
