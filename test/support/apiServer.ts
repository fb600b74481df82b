/** A stand-in for the Kubernetes API on loopback: TLS with a certificate of a given CA, client certificates asked for. */
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { webcrypto } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { KeyPair } from "../../components/cluster/pki";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** One request the stand-in saw. */
export interface Seen {
  readonly path: string;
  /** Common name of the client's certificate, "" when the CA did not sign it. */
  readonly user: string;
}

/** A running stand-in. */
export interface ApiStandIn {
  readonly url: string;
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

/** A server certificate for 127.0.0.1. */
export async function serverCertificate(ca: KeyPair): Promise<KeyPair> {
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const signingKey = await webcrypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(ca.keyPem),
    ALGORITHM,
    false,
    ["sign"],
  );
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "01",
    subject: "CN=kube-apiserver",
    issuer: new x509.X509Certificate(ca.certPem).subject,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }]),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { certPem: certificate.toString("pem"), keyPem: x509.PemConverter.encode(pkcs8, "PRIVATE KEY") };
}

/**
 * Starts a stand-in.
 * @param CA signs the server's certificate and judges the clients'
 * @param statusOf answer to the n-th request, counted from 1
 * @param port 0 for a free one
 */
export async function startApi(ca: KeyPair, statusOf: (request: number) => number, port = 0): Promise<ApiStandIn> {
  const own = await serverCertificate(ca);
  const seen: Seen[] = [];
  const server = createServer(
    { cert: own.certPem, key: own.keyPem, ca: ca.certPem, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const socket = request.socket as TLSSocket;
      seen.push({
        path: request.url ?? "",
        user: socket.authorized ? String(socket.getPeerCertificate().subject.CN) : "",
      });
      response.writeHead(statusOf(seen.length)).end("{}");
    },
  );
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
