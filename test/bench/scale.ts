/**
 * `npm run bench:scale`: previews of a site of growing size, and of a bare Pulumi program that registers the same machines, by the
 * real engine with the same settings. The cloud is a stand-in on loopback.
 */
import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseDocument } from "yaml";
import { PREVIEW_SETTINGS } from "../../stacks/site/commands/preview";
import { circumstances, writeBlock } from "../experiment/results";
import { Engine } from "../support/engine";
import { ROOT, stackFileText } from "../support/sites";
import { answered } from "./help";
import { startStandInCloud } from "./standInCloud";

const USAGE = `npm run bench:scale [-- CORES...] [--write]
Previews the shipped site cern with so many batch cores (500, 2,000 and 10,000 where none are named; at most 12,000), and a bare
Pulumi program with as many machines, each once, and says how long each took.
  --write   writes the table to docs/results.md
  --help    this text
Exit code: 0 measured; 1 it failed; 2 the command is wrong.`;

const CORES_PER_MACHINE = 8;
/** A port and an instance for each machine; user data of the length of the site's. */
const BARE = `import * as openstack from "@pulumi/openstack";
const userData = "#cloud-config\\n" + "x".repeat(5600);
for (let index = 0; index < COUNT; index += 1) {
  const port = new openstack.networking.Port(\`p\${index}\`, { networkId: "net", fixedIps: [{ subnetId: "sub" }] });
  new openstack.compute.Instance(\`m\${index}\`, {
    name: \`m\${index}\`, imageId: "image", flavorName: "flavor", userData, networks: [{ port: port.id }],
  });
}
`;

/** What a project folder of its own takes from the tree. */
const LINKED = [
  ...["Pulumi.yaml", "index.ts", "versions.ts", "package.json", "tsconfig.json", "tsconfig.pulumi.json", "components"],
  "node_modules",
];

/** The stack file of cern with another number of batch machines, and room for their addresses. */
export function grown(machines: number): string {
  const document = parseDocument(stackFileText("cern"));
  const cloud = (...path: string[]) => ["config", "atlas-site:cloud", ...path];
  document.setIn(cloud("network", "cidr"), "10.72.0.0/18");
  document.setIn(cloud("network", "dynamicAddresses"), "10.72.48.0/24");
  document.setIn(cloud("pools", "batch", "count"), machines);
  document.setIn(cloud("pools", "batch", "addresses"), "10.72.16.0/20");
  const plenty = 1_000_000_000;
  document.setIn(cloud("quota"), { instances: plenty, cores: plenty, ramMb: plenty, ports: plenty, floatingIps: 0 });
  document.setIn(["config", "atlas-site:network", "podCidr"], "10.240.0.0/12");
  return document.toString();
}

interface Taken {
  readonly wall: number;
  readonly cpu: number;
  readonly resources: number;
}

/** Seconds in the words of the shell's \`times\`: \`1m2.34s\`. */
function secondsOf(text: string): number {
  const [, minutes, rest] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(rest);
}

async function preview(engine: Engine, folder: string, stack: string): Promise<Taken> {
  const script = 'pulumi "$@" --non-interactive; code=$?; times >&2; exit $code';
  const env = { ...process.env, ...engine.environment, ...PREVIEW_SETTINGS };
  const start = Date.now();
  const args = ["-c", script, "sh", "preview", "--stack", stack];
  const { stdout, stderr } = await promisify(execFile)("sh", args, { cwd: folder, env, maxBuffer: 256 << 20 });
  const [user = "", system = ""] = stderr.trim().split("\n").at(-1)?.split(" ") ?? [];
  const resources = Number(/\+ (\d+) to create/.exec(stdout)?.[1] ?? 0);
  return { wall: (Date.now() - start) / 1000, cpu: secondsOf(user) + secondsOf(system), resources };
}

/** Previews the site with so many machines. */
async function ours(machines: number): Promise<Taken> {
  const engine = await Engine.open(["kubernetes", "openstack"], "example");
  try {
    const folder = join(engine.folder, "project");
    mkdirSync(join(folder, "stacks"), { recursive: true });
    for (const name of LINKED) {
      symlinkSync(join(ROOT, name), join(folder, name));
    }
    // With the salt of the shipped file, which opens its example secrets.
    writeFileSync(join(folder, "stacks", "Pulumi.cern.yaml"), grown(machines));
    await engine.pulumi(["stack", "init", "cern", "--secrets-provider", "passphrase"], folder);
    return await preview(engine, folder, "cern");
  } finally {
    engine.close();
  }
}

/** Previews the bare program. */
async function bare(machines: number): Promise<Taken> {
  const engine = await Engine.open(["openstack"], "example");
  try {
    const folder = join(engine.folder, "bare");
    mkdirSync(folder);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: bare\nruntime: nodejs\n");
    writeFileSync(join(folder, "package.json"), '{"main":"index.ts"}');
    writeFileSync(join(folder, "index.ts"), BARE.replace("COUNT", String(machines)));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    await engine.pulumi(["stack", "init", "bare", "--secrets-provider", "passphrase"], folder);
    return await preview(engine, folder, "bare");
  } finally {
    engine.close();
  }
}

/** A line of the table; per resource, since the site is more than its machines. */
function row(cores: number, site: Taken, program: Taken): string {
  const each = ({ wall, cpu, resources }: Taken) =>
    `${wall.toFixed(1)} s | ${cpu.toFixed(1)} s | ${resources} | ${((1000 * cpu) / Math.max(1, resources)).toFixed(1)} ms`;
  return `| ${cores} | ${each(site)} | ${each(program)} | ${(site.wall / program.wall).toFixed(2)} |`;
}

async function main(args: readonly string[]): Promise<void> {
  if (answered(args, USAGE, { most: 9, flags: ["--write"] })) {
    return;
  }
  const words = args.filter((arg) => !arg.startsWith("-"));
  const sizes = words.length === 0 ? [500, 2000, 10_000] : words.map(Number);
  if (sizes.some((cores) => !(cores >= CORES_PER_MACHINE && cores <= 12_000))) {
    throw new Error(`"${words.join(" ")}": write numbers of cores from ${CORES_PER_MACHINE} to 12000`);
  }
  const before = loadavg();
  const cloud = await startStandInCloud("cern");
  Object.assign(process.env, cloud.environment);
  try {
    const lines = [
      "| batch cores | site: wall | CPU | resources | CPU each | bare program: wall | CPU | resources | CPU each | ratio of wall |",
      "|---|---|---|---|---|---|---|---|---|---|",
    ];
    for (const cores of sizes) {
      const machines = Math.ceil(cores / CORES_PER_MACHINE);
      lines.push(row(cores, await ours(machines), await bare(machines)));
      console.error(lines.at(-1));
    }
    const command = `npm run bench:scale ${words.length === 0 ? "" : `-- ${words.join(" ")}`}`.trim();
    const text = [...lines, "", circumstances(command, before)].join("\n");
    console.log(text);
    if (args.includes("--write")) writeBlock("scale", text);
  } finally {
    await cloud.close();
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
