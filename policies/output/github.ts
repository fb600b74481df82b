/** The report as workflow commands of GitHub Actions, which become annotations of the changed lines. */
import { fails, type Place, type FormatOptions, type Report } from "./report";
import { summaryLine } from "./text";

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function command(
  kind: "error" | "warning" | "notice",
  place: Place | undefined,
  title: string,
  message: string,
): string {
  const where =
    place === undefined || place.file === ""
      ? []
      : [`file=${property(place.file)}`, `line=${place.line}`, `col=${place.column}`];
  return `::${kind} ${[...where, `title=${property(title)}`].join(",")}::${data(message)}`;
}

/** The report as workflow commands, the totals last as a plain line. */
export function githubReport(report: Report, { quiet }: FormatOptions): string {
  const counting = report.findings.filter(({ passedOver }) => passedOver === undefined);
  const shown = [...counting.filter(fails), ...(quiet ? [] : counting.filter((finding) => !fails(finding)))];
  return [
    ...report.unreadable.map((one) => command("error", one, "not readable", one.reason)),
    ...shown.map((finding) =>
      command(
        fails(finding) ? "error" : "warning",
        finding,
        finding.rule.name,
        `${finding.object || "all objects"}: ${finding.path === "" ? "" : `${finding.path}: `}${finding.message}\nFix: ${finding.rule.remediation}`,
      ),
    ),
    ...(quiet
      ? []
      : report.notJudged.map((one) => command("notice", one, "pods not judged", `${one.object}: ${one.path}`))),
    ...(quiet ? [] : report.notices.map((text) => command("notice", undefined, "policy:check", text))),
    summaryLine(report),
  ].join("\n");
}
