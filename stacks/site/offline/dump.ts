/**
 * Runs as texts for reviewers: every resource with inputs and options. Secrets are masked. Of resources that differ in few
 * values, such as the machines of a pool or the same object on two sites, the first is shown in full and the others by
 * their differences.
 */
import { Document, isCollection, isMap, isSeq, visit, type YAMLMap } from "yaml";
import { byPlace, describeAll, type Placed } from "./description";
import { foldResources, type FoldedResource } from "./foldResources";
import type { Recording } from "./recorder";
import { steadier } from "./recordedTexts";

/** The dump of one run, in YAML. */
export function dump(recording: Recording): string {
  const placed = describe(recording).map((one) => ({ ...one, sites: [""] }));
  return yamlText(foldResources(placed, [""]), `${recording.requests.length} resources`);
}

/**
 * The dump of the runs of several sites, one text per layer of the program. A resource without `sites` belongs to all of
 * them; an entry of `others` without `sites` belongs to the sites of the resource that it stands under.
 * @param runs recording by site
 * @returns YAML by layer, e.g. `cvmfs`; resources outside any layer are under `site`
 */
export function dumpSites(runs: Readonly<Record<string, Recording>>): Record<string, string> {
  const sites = Object.keys(runs).sort();
  const layers = new Map<string, (Placed & { sites: string[] })[]>();
  for (const site of sites) {
    for (const one of describe(runs[site]!)) {
      const layer = layerOf(one);
      layers.set(layer, [...(layers.get(layer) ?? []), { ...one, sites: [site] }]);
    }
  }
  return Object.fromEntries(
    [...layers].map(([layer, placed]) => {
      // The sort is stable, so that the first site in the alphabet is the one shown in full.
      const folded = foldResources(placed.sort(byPlace), sites);
      return [layer, yamlText(folded, `sites: ${sites.join(", ")}; written by \`npm run generate\``)];
    }),
  );
}

function describe(recording: Recording): Placed[] {
  return describeAll(recording, steadier(recording)).sort(byPlace);
}

/** Layer of the outermost component. */
function layerOf({ place }: Placed): string {
  return /^atlas-site:(\w+):/.exec(place[0] ?? "")?.[1] ?? "site";
}

/** A longer entry is shown with a value on each line. */
const LONGEST_ENTRY = 160;

function yamlText(resources: readonly FoldedResource[], comment: string): string {
  const document = new Document(resources, { aliasDuplicateObjects: false });
  visit(document, {
    Pair: (_, pair) => {
      const { key, value } = pair as { key: { value?: unknown }; value: unknown };
      if (key.value === "sites" && isSeq(value)) {
        value.flow = true;
      }
      if (key.value === "others" && isSeq(value)) {
        value.items.filter(isMap).forEach(layOut);
        return visit.SKIP;
      }
      return undefined;
    },
  });
  document.commentBefore = ` ${comment}`;
  return document.toString({ lineWidth: 0, blockQuote: "literal", flowCollectionPadding: true });
}

/** Puts a short entry on one line, and each value of a longer one on a line of its own. */
function layOut(entry: YAMLMap): void {
  const text = JSON.stringify(entry);
  entry.flow = text.length <= LONGEST_ENTRY && !text.includes("\\n");
  for (const { value } of entry.items) {
    if (isCollection(value)) {
      value.flow = true;
    }
  }
}
