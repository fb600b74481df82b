import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { makeClusterCas, makeToken, type ClusterCas } from "../../../components/cluster/pki";
import { BOOT_FILES } from "../../../components/cluster/kubeadm/bootScript";
import { KERNEL_FILES } from "../../../components/cluster/kubeadm/kernelSettings";
import {
  bootFiles,
  cloudConfig,
  packUserData,
  USER_DATA_LIMIT,
  type BootSecrets,
} from "../../../components/cluster/kubeadm/userData";
import { clusterParts, FAKE_AUTHORITIES, FAKE_SECRETS } from "../../support/clusterParts";
import type { Variant } from "../../support/sites";

function textOf(
  variant: Exclude<Variant, "existing" | "magnum">,
  name: string,
  secrets: BootSecrets = FAKE_SECRETS,
): string {
  const { plan, machine } = clusterParts(variant);
  return cloudConfig(bootFiles(plan, ...machine(name), secrets));
}

interface CloudConfig {
  write_files: { path: string; permissions: string; owner: string; content: string }[];
  runcmd: string[][];
}

function filesOf(text: string): Map<string, CloudConfig["write_files"][number]> {
  return new Map((parse(text) as CloudConfig).write_files.map((file) => [file.path, file]));
}

/** Everything of the CAs that must never leave the control plane, as text and as its longest line. */
function privateParts(cas: ClusterCas): string[] {
  const { cluster, frontProxy, etcd, serviceAccount, encryptionKey } = cas;
  const pems = [cluster.keyPem, frontProxy.keyPem, etcd.keyPem, serviceAccount.privatePem];
  return [...pems, ...pems.flatMap((pem) => pem.split("\n").slice(1, -2)), encryptionKey];
}

describe("user data", () => {
  test("is a cloud-config that writes each file once, for root alone where it is secret, and runs the boot program", () => {
    const text = textOf("small", "small-control-0");
    expect(text.startsWith("#cloud-config\n")).toBe(true);
    const { write_files: files, runcmd } = parse(text) as CloudConfig;
    expect(runcmd).toEqual([[BOOT_FILES.script]]);
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
    const programs: readonly string[] = [BOOT_FILES.script, KERNEL_FILES.script];
    for (const { path, permissions, owner, content } of files) {
      expect(owner).toBe("root:root");
      const secret = /PRIVATE KEY|abcdef\.0123456789abcdef|ZW5jcnlwdGlvb/.test(content);
      expect([path, permissions]).toEqual([path, programs.includes(path) ? "0755" : secret ? "0600" : permissions]);
    }
  });

  test("of workers holds no key of any CA, whatever the site; of control-plane machines all of them", async () => {
    const cas = await makeClusterCas("site");
    const secrets = { ...FAKE_SECRETS, cas };
    for (const variant of ["small", "zonesVolumesTaints", "bastion", "floatingIpOnMachine"] as const) {
      const { machines } = clusterParts(variant);
      for (const machine of machines.values()) {
        const text = textOf(variant, machine.name, secrets);
        const found = privateParts(cas).filter((part) => text.includes(part));
        if (machine.role === "control-plane") {
          expect([...filesOf(text).values()].filter(({ content }) => content.includes("PRIVATE KEY"))).toHaveLength(4);
          expect(text).toContain(cas.encryptionKey);
        } else {
          expect(found).toEqual([]);
          expect(text).not.toContain("PRIVATE KEY");
          expect(text).toContain(cas.cluster.certPem.split("\n")[1]);
        }
      }
    }
  });

  test("brings the CAs to where the boot program takes them from, each key beside its certificate", () => {
    const files = filesOf(textOf("small", "small-control-0"));
    const at = (file: string) => files.get(`${BOOT_FILES.pki}/${file}`)?.content;
    const { cluster, frontProxy, etcd, serviceAccount } = FAKE_AUTHORITIES;
    expect(["ca.crt", "ca.key", "front-proxy-ca.crt", "front-proxy-ca.key"].map(at)).toEqual([
      cluster.certPem,
      cluster.keyPem,
      frontProxy.certPem,
      frontProxy.keyPem,
    ]);
    expect(["etcd/ca.crt", "etcd/ca.key", "sa.pub", "sa.key"].map(at)).toEqual([
      etcd.certPem,
      etcd.keyPem,
      serviceAccount.publicPem,
      serviceAccount.privatePem,
    ]);
  });

  test("lets only index 0 of the control plane make a cluster", () => {
    for (const variant of ["zonesVolumesTaints", "small", "largest"] as const) {
      const { plan, machine, machines } = clusterParts(variant);
      const makers = [...machines.keys()].filter((name) => {
        const files = bootFiles(plan, ...machine(name), FAKE_SECRETS);
        const script = files.find(({ path }) => path === BOOT_FILES.script)!.content;
        const mayInit = files.some(({ path }) => path === BOOT_FILES.initConfig);
        expect(script.includes("MAY_INIT='yes'")).toBe(mayInit);
        return mayInit;
      });
      expect(makers).toEqual([plan.controlPlane[0].name]);
    }
  });

  test("survives YAML: every file comes out as it went in", () => {
    const { plan, machine } = clusterParts("zonesVolumesTaints");
    const files = bootFiles(plan, ...machine("spread-control-0"), FAKE_SECRETS);
    const read = filesOf(cloudConfig(files));
    expect(read.size).toBe(files.length);
    files.forEach(({ path, content }) => expect(read.get(path)?.content).toBe(content));
  });
});

describe("packed user data", () => {
  test("is gzip in base64, and unpacks to what it was", () => {
    const text = textOf("small", "small-control-0");
    const packed = packUserData(text);
    expect(packed).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(gunzipSync(Buffer.from(packed, "base64")).toString()).toBe(text);
  });

  test("is the same every time: a second preview shows no change", () => {
    const text = textOf("small", "small-control-0");
    expect(packUserData(text)).toBe(packUserData(text));
  });

  test("stays far below Nova's limit on the largest site, with keys that do not compress", async () => {
    const secrets = { ...FAKE_SECRETS, token: makeToken(), cas: await makeClusterCas("largest") };
    const { machines } = clusterParts("largest");
    expect(machines.size).toBe(253);
    const last = [...machines.values()].at(-1)!.name;
    expect(last).toHaveLength(63);
    const names = [...machines.values()].filter(({ role }) => role === "control-plane").map(({ name }) => name);
    const sizes = [...names, last].map((name) => packUserData(textOf("largest", name, secrets)).length);
    // A third of the limit: a growing cluster layer is noticed here long before a machine fails to boot.
    expect(Math.max(...sizes)).toBeLessThan(USER_DATA_LIMIT / 3);
  });

  test("above Nova's limit is refused with both sizes", () => {
    const noise = randomBytes(60_000).toString("base64");
    expect(() => packUserData(noise)).toThrow(/user data has \d+ characters, Nova takes 65535/);
  });
});
