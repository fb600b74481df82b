/** The golden list of names: every resource of the shipped stacks by its URN. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./sites";

/** Folder of the golden files, in the tree. */
export const GOLDEN = "test/golden";

/** Something that has URNs, such as a recorded run. */
interface Named {
  urns(): string[];
}

/** A URN without the name of its stack. */
const URN = /^urn:pulumi:[^:]+::(.*)$/;

/** One line per resource: its URN without the stack, and the stacks that have it unless all do. */
export function urnList(runs: Readonly<Record<string, Named>>): string {
  const stacks = Object.keys(runs).sort();
  const owners = new Map<string, string[]>();
  for (const stack of stacks) {
    for (const urn of runs[stack].urns()) {
      const name = URN.exec(urn)?.[1] ?? urn;
      owners.set(name, [...(owners.get(name) ?? []), stack]);
    }
  }
  const lines = [...owners]
    .sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }))
    .map(([name, having]) => (having.length === stacks.length ? name : `${name}  [${having.join(", ")}]`));
  return `# ${stacks.join(", ")}: a name that goes takes a running resource with it\n${lines.join("\n")}\n`;
}

/** URNs of a shipped stack, from the golden list. */
export function goldenUrns(stack: string, text = readFileSync(join(ROOT, GOLDEN, "urns.txt"), "utf8")): string[] {
  return text
    .trim()
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [name, stacks] = line.split("  ");
      return stacks === undefined || stacks.slice(1, -1).split(", ").includes(stack)
        ? [`urn:pulumi:${stack}::${name}`]
        : [];
    });
}
