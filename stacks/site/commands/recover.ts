/**
 * `npm run site -- recover <stack>`: after an engine was killed, deletes what the cloud has and the state does not. Only
 * resources that the state lists as "being created" are looked for, by name; one whose id the state knows is never touched.
 * Needs the `openstack` client and the stack's credentials.
 */
import { execFileSync } from "node:child_process";
import { knownIds, possibleOrphans, unnamedOrphans, type ExportedState, type Orphan } from "./orphans";

/** Deletes the orphans of a stack; says each. */
export function recover(stack: string, say: (line: string) => void): void {
  const state = JSON.parse(run("pulumi", ["stack", "export", "--stack", stack])) as ExportedState;
  const known = knownIds(state);
  let deleted = 0;
  for (const orphan of possibleOrphans(state)) {
    for (const id of idsInCloud(orphan).filter((found) => !known.has(found))) {
      say(`deleting ${orphan.kind.noun.join(" ")} ${orphan.name} (${id}): the cloud has it, the state does not`);
      const { noun, deleteFlags = [] } = orphan.kind;
      run("openstack", [
        ...noun,
        "delete",
        ...deleteFlags,
        ...(orphan.inside === undefined ? [] : [orphan.inside]),
        id,
      ]);
      deleted += 1;
    }
  }
  unnamedOrphans(state).forEach((urn) => say(`look for this by hand, it has no name in the cloud: ${urn}`));
  say(deleted === 0 ? "nothing was left behind" : `${deleted} deleted; now run: pulumi up --stack ${stack}`);
}

/** Ids of everything of the orphan's kind and name in the project. */
function idsInCloud({ kind, name, inside }: Orphan): string[] {
  const listed = run("openstack", [...kind.noun, "list", ...(inside === undefined ? [] : [inside]), "-f", "json"]);
  const rows = JSON.parse(listed) as Record<string, string>[];
  // The client writes keys as ID/id and Name/name, by service.
  return rows
    .filter((row) => (row.Name ?? row.name) === name)
    .map((row) => row.ID ?? row.id)
    .filter((id) => id !== undefined);
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: "utf8", maxBuffer: 256 << 20, stdio: ["ignore", "pipe", "inherit"] });
}
