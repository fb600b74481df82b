/** JSON over HTTP as OpenStack's services speak it, by Node alone: the cloud's own CA must be usable. */
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";

/** A request. */
export interface JsonRequest {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Path of a file with CAs; absent: those of Node. */
  readonly caFile?: string;
  readonly insecure?: boolean;
}

/** An answer; the body is undefined where it is no JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: unknown;
}

/** A control plane under load may take that long to list its node groups. */
const TIMEOUT_MS = 30_000;

/**
 * Sends a request and waits for the whole answer.
 * @throws Error when there is no answer
 */
export function askJson(ask: JsonRequest): Promise<JsonAnswer> {
  return new Promise((resolve, reject) => {
    const url = new URL(ask.url);
    const body = ask.body === undefined ? undefined : JSON.stringify(ask.body);
    const options: https.RequestOptions = {
      method: ask.method ?? "GET",
      agent: false,
      headers: {
        accept: "application/json",
        ...ask.headers,
        ...(body === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(ask.caFile === undefined ? {} : { ca: readFileSync(ask.caFile) }),
      rejectUnauthorized: ask.insecure !== true,
    };
    const read = (response: http.IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: parsed(Buffer.concat(chunks).toString("utf8")) });
      });
    };
    const outgoing = url.protocol === "https:" ? https.request(url, options, read) : http.request(url, options, read);
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
