/**
 * Keys and certificates of a cluster, made in Node. Everything here is drawn once and then kept by the engine
 * (`ClusterKeys`), so the kubeconfig is known before a machine exists and outlives every rebuild.
 */
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { randomBytes, webcrypto } from "node:crypto";

x509.cryptoProvider.set(webcrypto as never);

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyPair {
  readonly certPem: string;
  readonly keyPem: string;
}

/** What makes a cluster this cluster and no other. Losing it means new kubeconfigs for everybody. */
export interface ClusterCas {
  /** Signs API server, kubelets and clients. */
  readonly cluster: KeyPair;
  /** Signs the aggregation layer's client. */
  readonly frontProxy: KeyPair;
  /** Signs etcd's members and clients. */
  readonly etcd: KeyPair;
  /** Signs ServiceAccount tokens. */
  readonly serviceAccount: { readonly publicPem: string; readonly privatePem: string };
  /** Key of the secrets' encryption at rest: 32 bytes, base64. */
  readonly encryptionKey: string;
}

/** A client of the Kubernetes API. */
export interface ClientIdentity {
  /** User name: the certificate's common name. */
  readonly user: string;
  /** Groups: the certificate's organisations. */
  readonly groups: readonly string[];
}

/** Lifetime of the CAs: kubeadm's own ten years. */
const AUTHORITY_DAYS = 3650;
/** Lifetime of client certificates: kubeadm's own year. */
export const CLIENT_DAYS = 365;
/** Clocks of fresh machines may be behind ours. */
const CLOCK_SKEW_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** P-256 for everything: Kubernetes, etcd and every TLS library know it, and a key takes a millisecond. */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Draws the CAs of a new cluster. */
export async function makeClusterCas(siteName: string): Promise<ClusterCas> {
  const serviceAccount = await keys();
  return {
    cluster: await makeCa(`${siteName} kubernetes`),
    frontProxy: await makeCa(`${siteName} front-proxy`),
    etcd: await makeCa(`${siteName} etcd`),
    serviceAccount: {
      publicPem: x509.PemConverter.encode(
        await webcrypto.subtle.exportKey("spki", serviceAccount.publicKey),
        "PUBLIC KEY",
      ),
      privatePem: await privatePem(serviceAccount),
    },
    encryptionKey: randomBytes(32).toString("base64"),
  };
}

async function makeCa(commonName: string): Promise<KeyPair> {
  const pair = await keys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=${commonName}`,
    notBefore: new Date(Date.now() - CLOCK_SKEW_MS),
    notAfter: new Date(Date.now() + AUTHORITY_DAYS * DAY_MS),
    keys: pair,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(pair.publicKey),
    ],
  });
  return { certPem: certificate.toString("pem"), keyPem: await privatePem(pair) };
}

/** Signs a client certificate with the cluster's CA. */
export async function signClient(ca: KeyPair, identity: ClientIdentity): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(ca.certPem);
  const signingKey = await webcrypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(ca.keyPem),
    ALGORITHM,
    false,
    ["sign"],
  );
  const pair = await keys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [...identity.groups.map((group) => ({ O: [group] })), { CN: [identity.user] }],
    issuer: issuer.subject,
    notBefore: new Date(Date.now() - CLOCK_SKEW_MS),
    notAfter: new Date(Date.now() + CLIENT_DAYS * DAY_MS),
    publicKey: pair.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certPem: certificate.toString("pem"), keyPem: await privatePem(pair) };
}

/** Fingerprint of a CA's public key, as `kubeadm join` wants it: `sha256:<hex>`. */
export async function caCertHash(ca: Pick<KeyPair, "certPem">): Promise<string> {
  const spki = new x509.X509Certificate(ca.certPem).publicKey.rawData;
  return `sha256:${Buffer.from(await webcrypto.subtle.digest("SHA-256", spki)).toString("hex")}`;
}

/** A kubeadm bootstrap token: `<6 characters>.<16 characters>`. */
export function makeToken(): string {
  return `${randomBytes(3).toString("hex")}.${randomBytes(8).toString("hex")}`;
}

/** The public half of a bootstrap token, which names it, and its secret half. */
export function tokenParts(token: string): { readonly id: string; readonly secret: string } {
  const point = token.indexOf(".");
  return { id: token.slice(0, point), secret: token.slice(point + 1) };
}

/** Days until a certificate ends, rounded down. */
export function daysLeft(certPem: string, now: Date): number {
  return Math.floor((new x509.X509Certificate(certPem).notAfter.getTime() - now.getTime()) / DAY_MS);
}

async function keys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
}

async function privatePem(pair: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", pair.privateKey), "PRIVATE KEY");
}

/** A positive serial number of 127 random bits. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString("hex");
}
