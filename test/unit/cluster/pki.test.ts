/** Judged by Node's own OpenSSL, not by the library that made them. */
import "reflect-metadata";
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import * as x509 from "@peculiar/x509";
import {
  caCertHash,
  CLIENT_DAYS,
  daysLeft,
  makeClusterCas,
  makeToken,
  signClient,
  type ClusterCas,
  type KeyPair,
} from "../../../components/cluster/pki";

const DAY_MS = 86_400_000;
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

let cas: ClusterCas;
let client: KeyPair;

beforeAll(async () => {
  cas = await makeClusterCas("uvic");
  client = await signClient(cas.cluster, { user: "atlas-site:administrator", groups: ["one", "two"] });
});

function usages(certPem: string): x509.KeyUsagesExtension {
  return new x509.X509Certificate(certPem).getExtension(x509.KeyUsagesExtension)!;
}

function belong(pair: KeyPair): boolean {
  return new X509Certificate(pair.certPem).checkPrivateKey(createPrivateKey(pair.keyPem));
}

describe("cas", () => {
  test.each([
    ["cluster", "CN=uvic kubernetes"],
    ["frontProxy", "CN=uvic front-proxy"],
    ["etcd", "CN=uvic etcd"],
  ] as const)("%s signs itself as %s and may sign others", (name, subject) => {
    const pair = cas[name];
    const certificate = new X509Certificate(pair.certPem);
    expect([certificate.subject, certificate.issuer, certificate.ca]).toEqual([subject, subject, true]);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(belong(pair)).toBe(true);
    const { usages: flags, critical } = usages(pair.certPem);
    expect([flags & x509.KeyUsageFlags.keyCertSign, critical]).toEqual([x509.KeyUsageFlags.keyCertSign, true]);
  });

  test("live ten years, from an hour ago: clocks of fresh machines may be behind", () => {
    const { validFrom, validTo } = new X509Certificate(cas.cluster.certPem);
    const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
    expect(Date.now() - from).toBeGreaterThan(3_500_000);
    expect(Date.now() - from).toBeLessThan(3_700_000);
    expect(Math.round((to - Date.now()) / DAY_MS)).toBe(3650);
  });

  test("are drawn: no key is in two of them, nor in two clusters", async () => {
    const other = await makeClusterCas("uvic");
    const all = [cas, other].flatMap(({ cluster, frontProxy, etcd, serviceAccount, encryptionKey }) => {
      return [cluster.keyPem, frontProxy.keyPem, etcd.keyPem, serviceAccount.privatePem, encryptionKey];
    });
    expect(new Set(all).size).toBe(10);
  });

  test("come with a key pair for service accounts and 32 bytes for the encryption at rest", () => {
    const { publicPem, privatePem } = cas.serviceAccount;
    const derived = createPublicKey(createPrivateKey(privatePem)).export({ type: "spki", format: "der" });
    expect(createPublicKey(publicPem).export({ type: "spki", format: "der" })).toEqual(derived);
    expect(Buffer.from(cas.encryptionKey, "base64")).toHaveLength(32);
  });

  test("have the fingerprint that kubeadm reckons: SHA-256 of the public key's DER", async () => {
    const der = new X509Certificate(cas.cluster.certPem).publicKey.export({ type: "spki", format: "der" });
    const expected = `sha256:${createHash("sha256").update(der).digest("hex")}`;
    expect(await caCertHash(cas.cluster)).toBe(expected);
  });
});

describe("client certificates", () => {
  test("are signed by the cluster's CA and no other", () => {
    const certificate = new X509Certificate(client.certPem);
    const issuer = new X509Certificate(cas.cluster.certPem);
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.verify(new X509Certificate(cas.etcd.certPem).publicKey)).toBe(false);
    expect(belong(client)).toBe(true);
  });

  test("name user and groups as Kubernetes reads them, colons and all", async () => {
    expect(new X509Certificate(client.certPem).subject.split("\n")).toEqual([
      "O=one",
      "O=two",
      "CN=atlas-site:administrator",
    ]);
    const alone = await signClient(cas.cluster, { user: "atlas-site:harvester", groups: [] });
    expect(new X509Certificate(alone.certPem).subject).toBe("CN=atlas-site:harvester");
  });

  test("are good for being a client, and for nothing else", () => {
    const certificate = new X509Certificate(client.certPem);
    expect(certificate.keyUsage).toEqual([CLIENT_AUTH]);
    // Said by the certificate itself: OpenSSL calls no CA what may not sign certificates, whatever else it says.
    const constraints = new x509.X509Certificate(client.certPem).getExtension(x509.BasicConstraintsExtension);
    expect([constraints?.ca, constraints?.critical]).toEqual([false, true]);
    expect(usages(client.certPem).usages).toBe(x509.KeyUsageFlags.digitalSignature);
  });

  test("live a year", () => {
    expect(daysLeft(client.certPem, new Date(Date.now() - 60_000))).toBe(CLIENT_DAYS);
    expect(daysLeft(client.certPem, new Date(Date.now() + 340 * DAY_MS))).toBe(24);
    expect(daysLeft(client.certPem, new Date(Date.now() + 366 * DAY_MS))).toBeLessThan(0);
  });

  test("have a serial number of their own, positive and short enough for the standard", async () => {
    const another = await signClient(cas.cluster, { user: "u", groups: [] });
    const serials = [client, another].map(({ certPem }) => new X509Certificate(certPem).serialNumber);
    expect(new Set(serials).size).toBe(2);
    serials.forEach((serial) => expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/));
  });
});

test("bootstrap tokens have kubeadm's form, and no two are alike", () => {
  const tokens = Array.from({ length: 500 }, makeToken);
  tokens.forEach((token) => expect(token).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/));
  expect(new Set(tokens).size).toBe(500);
});
