/** Ports and scrapes for the tests of monitoring with real programs. */
import { request } from "node:https";
import { createServer, type AddressInfo } from "node:net";

/** A port that was free a moment ago, on every address of the machine. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a target answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One scrape, as Prometheus does it of a target with a certificate that nobody signed: TLS, and a token. */
export function scrape(host: string, port: number, token?: string, path = "/metrics"): Promise<Answer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const options = { host, port, path, headers, rejectUnauthorized: false, timeout: 10_000, agent: false as const };
    const outgoing = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`port ${port}: no answer in 10 s`)));
    outgoing.on("error", reject);
    outgoing.end();
  });
}
