/** The pair of pictures of the paper's Figures 3 and 4: the default profile on top, packing below. */
import type { Chart } from "../../lab/figures/chart";
import { svgColumn } from "../../lab/figures/svg";
import { jobCores, type Shape } from "./replay";
import type { SiteMoment } from "./run";
import type { Profile } from "./siteNodes";
import { sampled, usedCores } from "./summary";

/** Values of a picture: one for each pixel and a half of its width. */
const SAMPLES = 540;

const TITLES: Readonly<Record<Profile, string>> = {
  default: "Kubernetes' default scheduling",
  packing: "The site's scheduling: packing",
};

/** What one run shows. */
export function chartOf(profile: Profile, moments: readonly SiteMoment[], shape: Shape, endHours: number): Chart {
  const hours = Array.from({ length: SAMPLES }, (_, index) => (index * endHours) / (SAMPLES - 1));
  const seen = sampled(moments, hours);
  const cores = jobCores(shape);
  return {
    title: TITLES[profile],
    unit: `cores of running jobs, of ${cores}`,
    times: hours.map((one) => one * 3600),
    sinceStart: true,
    stacked: true,
    series: [
      { name: "8-core jobs", values: seen.map(({ larges }) => larges * shape.large) },
      { name: "1-core jobs", values: seen.map(({ ones }) => ones) },
      {
        name: "stranded, 8-core jobs wait",
        values: seen.map((one) => (one.waitingLarges > 0 ? cores - usedCores(one, shape) : 0)),
      },
    ],
    loss: "stranded, 8-core jobs wait",
    bound: { name: "cores for jobs", values: hours.map(() => cores) },
  };
}

/** Both runs, one below the other. */
export function pairSvg(
  site: string,
  runs: Readonly<Record<Profile, readonly SiteMoment[]>>,
  shape: Shape,
  endHours: number,
): string {
  const charts = (["default", "packing"] as const).map((profile) => chartOf(profile, runs[profile], shape, endHours));
  return svgColumn(`Site ${site}: default scheduling (top), packing (bottom)`, charts);
}
