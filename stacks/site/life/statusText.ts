/** A site's machines as a table: what is planned, and what the state, Nova and Kubernetes have of it. */
import type { MachineFacts } from "./facts";

/** A row. */
export interface MachineStatus {
  readonly machine: string;
  readonly pool: string;
  /** Generation in the stack file. */
  readonly planned: number;
  /** Generation in the state; undefined: not there, or not known. */
  readonly recorded?: number;
  readonly server: string;
  readonly node: string;
  readonly version: string;
  /** Pods of Jobs on it. */
  readonly jobs: number;
  /** What a person should know; empty: all is well. */
  readonly remarks: readonly string[];
}

/** The row of a machine. @param planned generation in the stack file */
export function machineStatus(facts: MachineFacts, pool: string, planned: number): MachineStatus {
  const { name, recorded, server, node, pods } = facts;
  return {
    machine: name,
    pool,
    planned,
    recorded: recorded?.generation,
    server: recorded === undefined ? "not created" : (server ?? "gone"),
    node: node === undefined ? "none" : node.ready ? "Ready" : "not Ready",
    version: node?.version ?? "",
    jobs: pods.filter(({ kind }) => kind === "job").length,
    remarks: remarks(facts, planned),
  };
}

function remarks({ recorded, node }: MachineFacts, planned: number): string[] {
  const found: string[] = [];
  if (recorded?.replacedNext === true) {
    found.push("the next `pulumi up` replaces it");
  } else if (recorded?.generation !== undefined && recorded.generation !== planned) {
    found.push(`the next \`pulumi up\` replaces it: generation ${recorded.generation}, ${planned} in the stack file`);
  }
  if (node?.cordoned === true) {
    found.push(`cordoned${node.operation === undefined ? " by hand" : ` (${node.operation})`}`);
  }
  const taints = (node?.taints ?? []).filter(({ key }) => key.startsWith("atlas-site/"));
  if (taints.length > 0) {
    found.push(`tainted ${taints.map(({ key, effect }) => `${key}:${effect}`).join(", ")}`);
  }
  return found;
}

const HEAD = ["machine", "server", "node", "version", "generation", "jobs", "remarks"];

/** The table, with a line that sums it up. */
export function statusText(rows: readonly MachineStatus[]): string {
  const cells = rows.map((row) => [
    row.machine,
    row.server,
    row.node,
    row.version,
    String(row.recorded ?? "?"),
    String(row.jobs),
    row.remarks.join("; "),
  ]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...cells.map((line) => (line[column] ?? "").length)));
  const lines = [HEAD, ...cells].map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const inService = rows.filter(
    ({ server, node, remarks: said }) => server === "ACTIVE" && node === "Ready" && said.length === 0,
  );
  return [...lines, "", `${inService.length} of ${rows.length} machines in service, without a remark`].join("\n");
}
