/** The site's squids at work in the lab: an origin in its outside world, and clients where jobs and machines are. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { SQUID_NAMESPACE, SQUID_PORT, SQUID_SERVICE } from "../../../components/cvmfs/names";
import { endingWithUs } from "../../images/command";
import type { Lab } from "../lab";
import { namespaceFile } from "../namespace";
import type { KubeView } from "./kubeView";
import { inMachine } from "./machineFiles";
import { runPinnedPod } from "./pinnedPod";

/** Address of the origin: in the lab's outside world, among those that Neutron never gives out. */
export const ORIGIN = "203.0.113.5";
/** An address of that world which no squid of the lab may fetch from. */
const FOREIGN = "203.0.113.7";

/** A stratum one of a few lines: every file is there, valid for a minute; it counts how often it was asked. */
const ORIGIN_PROGRAM = `import http.server
asked = 0
class Origin(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global asked
        asked += 1
        body = b"served %d" % asked
        self.send_response(200)
        self.send_header("Cache-Control", "max-age=60")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("${ORIGIN}", 80), Origin)
print("listening")
server.serve_forever()
`;

/**
 * Fetches a file twice by one squid, and one from elsewhere; prints what squid said of each. A pod this young may be refused
 * for a while: the policy engine beside the squid has not heard of it yet.
 */
const CLIENT_PROGRAM = `import json, socket, time, urllib.error, urllib.request
patience_ends = time.time() + 120
addresses = sorted({one[4][0] for one in socket.getaddrinfo("HOST", PORT, type=socket.SOCK_STREAM)})
opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": "http://%s:PORT" % addresses[0]}))
def fetch(url):
    while True:
        try:
            with opener.open(url, timeout=60) as answer:
                return [answer.status, answer.headers.get("X-Cache", ""), answer.read().decode()]
        except urllib.error.HTTPError as error:
            return [error.code, error.headers.get("X-Cache", ""), ""]
        except OSError:
            if time.time() > patience_ends:
                raise
            time.sleep(0.5)
print(json.dumps({"squids": len(addresses), "answers": [fetch(url) for url in URLS]}))
`;

/** What a client got: status, squid's word on its cache, body. */
export type SquidAnswer = readonly [status: number, cache: string, body: string];

/** What was seen. */
export interface SquidReport {
  /** Addresses that the squids' service has for pods. */
  readonly squids: number;
  /** A file, the same again, and one from a foreign address, asked from a pod in the queue's namespace. */
  readonly fromPod: readonly SquidAnswer[];
  /** Head of the answer that a batch machine itself got through the node port. */
  readonly fromMachine: string;
}

/**
 * Lets a pod of a queue and a batch machine fetch through the site's squids.
 * @param machine batch machine that asks
 * @param endpoint `address:port` of a squid's node port
 */
export async function visitSquids(
  lab: Lab,
  cluster: KubeView,
  namespace: string,
  machine: string,
  endpoint: string,
): Promise<SquidReport> {
  for (const address of [ORIGIN, FOREIGN]) {
    await must(lab, "ip", "address", "replace", `${address}/32`, "dev", "lo");
  }
  const origin = await startOrigin();
  try {
    const file = `http://${ORIGIN}/cvmfs/sft.cern.ch/data/${Date.now()}`;
    const seen = await fromPod(cluster, namespace, machine, [file, file, `http://${FOREIGN}/`]);
    const asked = ["-sS", "-i", "--max-time", "60", "-x", `http://${endpoint}`, `${file}-of-the-machine`];
    return { ...seen, fromMachine: await inMachine(lab, machine, "curl", ...asked) };
  } finally {
    origin.kill();
    for (const address of [ORIGIN, FOREIGN]) {
      await must(lab, "ip", "address", "del", `${address}/32`, "dev", "lo");
    }
  }
}

/** Starts the origin in the lab's network; it ends with us. @throws Error when it does not listen */
async function startOrigin(): Promise<ChildProcess> {
  const inLab = ["nsenter", `--net=${namespaceFile}`, "--", "/usr/bin/python3", "-u", "-c", ORIGIN_PROGRAM] as const;
  const [command, args] = endingWithUs(...inLab);
  const origin = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = (await Promise.race([once(origin.stdout, "data"), once(origin, "exit")])) as [unknown];
  if (!String(said).startsWith("listening")) {
    throw new Error(`the origin in the lab ended with ${String(said)} before it listened`);
  }
  return origin;
}

async function must(lab: Lab, command: string, ...args: string[]): Promise<void> {
  const done = await lab.exec(command, args);
  if (done.code !== 0) {
    throw new Error(`${command} ${args.join(" ")} in the lab: exit ${done.code}\n${done.stderr}`);
  }
}

async function fromPod(
  cluster: KubeView,
  namespace: string,
  machine: string,
  urls: readonly string[],
): Promise<Pick<SquidReport, "squids" | "fromPod">> {
  const name = `squid-client-${Date.now() % 1_000_000}`;
  const program = CLIENT_PROGRAM.replaceAll("HOST", `${SQUID_SERVICE}.${SQUID_NAMESPACE}.svc.cluster.local`)
    .replaceAll("PORT", String(SQUID_PORT))
    .replace("URLS", JSON.stringify(urls));
  const on = { "kubernetes.io/hostname": machine };
  const printed = await runPinnedPod(cluster, { name, namespace, on, program });
  const { squids, answers } = JSON.parse(printed) as { squids: number; answers: SquidAnswer[] };
  return { squids, fromPod: answers };
}
