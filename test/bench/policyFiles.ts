/**
 * `npm run bench:policies -- files`: what a check of many small files costs, beside checkov on the same files in the same run.
 * checkov comes from the Python package index unless it is on the path.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../support/sites";

/** CPU seconds that 1,000 files may take after the start, and how many times as much checkov must take. */
const MOST_SECONDS = 1.5;
const LEAST_RATIO = 5;
const CHECKOV = "3.3.30";

/** A small manifest: two Deployments for each Service, as a repository of services has them. */
function manifest(index: number): string {
  const head = (apiVersion: string, kind: string) =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: app-${index}\n  namespace: team-${index % 20}\nspec:\n`;
  return index % 3 === 0
    ? `${head("v1", "Service")}  selector: { app: app-${index} }\n  ports: [{ port: 80 }]\n`
    : `${head("apps/v1", "Deployment")}  replicas: 2
  selector: { matchLabels: { app: app-${index} } }
  template:
    metadata: { labels: { app: app-${index} } }
    spec:
      containers:
        - name: main
          image: registry.example.org/app:${index}
          resources: { requests: { cpu: 100m, memory: 64Mi } }
          securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false }
`;
}

function filesIn(folder: string, count: number): string {
  mkdirSync(folder);
  for (let index = 0; index < count; index += 1) {
    writeFileSync(join(folder, `${index}.yaml`), manifest(index));
  }
  return folder;
}

interface Taken {
  readonly cpu: number;
  readonly megabytes: number;
  readonly code: number | null;
}

/** CPU seconds and memory of a command and all it starts, as Python's `resource` has them. */
function taken(command: readonly string[]): Taken {
  const script = [
    "import json, resource, subprocess, sys",
    "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode",
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)",
    "print(json.dumps({'cpu': used.ru_utime + used.ru_stime, 'megabytes': used.ru_maxrss / 1024, 'code': code}))",
  ].join("\n");
  return JSON.parse(execFileSync("python3", ["-c", script, ...command], { encoding: "utf8" })) as Taken;
}

function checkov(folder: string): string {
  if (spawnSync("checkov", ["--version"]).status === 0) {
    return "checkov";
  }
  execFileSync("python3", ["-m", "venv", join(folder, "venv")]);
  execFileSync(join(folder, "venv", "bin", "pip"), ["install", "--quiet", `checkov==${CHECKOV}`], { stdio: "inherit" });
  return join(folder, "venv", "bin", "checkov");
}

function line(name: string, { cpu, megabytes }: Taken): string {
  return `${name.padEnd(34)} ${cpu.toFixed(1).padStart(7)} s of CPU ${megabytes.toFixed(0).padStart(6)} MB`;
}

/** Measures, prints, and tells whether the bounds hold. */
export function benchFiles(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "bench-policies-"));
  try {
    execFileSync(process.execPath, [join(ROOT, "policies", "package", "bundle.mjs")]);
    const check = [process.execPath, join(ROOT, "policies", "package", "bin", "policy-check.cjs"), "--output", "json"];
    const [one, thousand, many] = [1, 1000, 10_000].map((count) => filesIn(join(folder, String(count)), count));
    const program = checkov(folder);
    const other = [program, "--framework", "kubernetes", "--quiet", "--compact", "--skip-download", "--directory"];
    // The first run of each reads everything from the disk.
    taken([...check, one]);
    taken([...other, one]);
    const ours = [one, thousand, many].map((place) => taken([...check, place]));
    const theirs = taken([...other, thousand]);
    const judged = ours[1].cpu - ours[0].cpu;
    const ratio = theirs.cpu / ours[1].cpu;
    console.log(
      [
        line("policy:check, 1 file", ours[0]),
        line("policy:check, 1,000 files", ours[1]),
        line("policy:check, 10,000 files", ours[2]),
        line(`checkov ${CHECKOV}, 1,000 files`, theirs),
        `1,000 files after the start: ${judged.toFixed(2)} s (at most ${MOST_SECONDS}); checkov takes ${ratio.toFixed(1)} times as much (at least ${LEAST_RATIO})`,
      ].join("\n"),
    );
    // 0 and 1 are verdicts; all else means that a program did not finish.
    const finished = [...ours, theirs].every(({ code }) => code === 0 || code === 1);
    return finished && judged <= MOST_SECONDS && ratio >= LEAST_RATIO;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
