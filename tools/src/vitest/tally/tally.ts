/** What vitest's JSON reporter writes, as far as it is counted here. */
export interface Report {
  readonly success: boolean;
  readonly testResults: ReadonlyArray<{
    readonly name: string;
    readonly status: string;
    /** Why the file could not be run. */
    readonly message: string;
    readonly assertionResults: ReadonlyArray<{
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: ReadonlyArray<string>;
    }>;
  }>;
}

/** The tests of one package: its folder, and the report it left, if it left one. */
export interface PackageReport {
  readonly root: string;
  readonly report: Report | undefined;
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts the tests of one package.
 *
 * What fails without a test of its own to show for it counts as one failure: a file that cannot be loaded, an error
 * outside every test, a run that broke off before it wrote its report.
 */
export const tallyPackage = ({ report }: PackageReport): Tally => {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const file of report.testResults) {
    const failures = file.assertionResults.filter(({ status }) => status === "failed").length;
    const passes = file.assertionResults.filter(({ status }) => status === "passed").length;
    passed += passes;
    failed += failures === 0 && file.status === "failed" ? 1 : failures;
    skipped += file.assertionResults.length - passes - failures;
  }
  return { passed, failed: failed === 0 && !report.success ? 1 : failed, skipped };
};

const sum = (tallies: ReadonlyArray<Tally>): Tally =>
  tallies.reduce((total, { passed, failed, skipped }) => ({
    passed: total.passed + passed,
    failed: total.failed + failed,
    skipped: total.skipped + skipped,
  }), { passed: 0, failed: 0, skipped: 0 });

/** Lines of a failure that are shown; the whole stands in the report. */
const SHOWN = 12;

const indented = (text: string): ReadonlyArray<string> =>
  text.trim().split("\n").slice(0, SHOWN).map((line) => `    ${line}`);

/** What failed and how it failed, so that the end of a long output tells. */
export const describeFailures = ({ report, root }: PackageReport): ReadonlyArray<string> =>
  (report?.testResults ?? []).flatMap((file) => {
    const failures = file.assertionResults.filter(({ status }) => status === "failed");
    if (failures.length === 0 && file.status === "failed") {
      return [`  failed in ${root}: ${file.name}`, ...indented(file.message)];
    }
    return failures.flatMap(({ failureMessages, fullName }) => [
      `  failed in ${root}: ${fullName}`,
      ...failureMessages.flatMap(indented),
    ]);
  });

/** A line for each package, what failed, then the whole, as `12 passed, 0 failed`. */
export const describeTally = (
  packages: ReadonlyArray<PackageReport>,
): { readonly lines: ReadonlyArray<string>; readonly failed: number } => {
  const tallies = packages.map(tallyPackage);
  const total = sum(tallies);
  return {
    lines: [
      ...packages.map(({ root, report }, index) => {
        const { passed, failed, skipped } = tallies[index] ?? total;
        return report === undefined
          ? `${root}: left no report`
          : `${root}: ${passed} passed, ${failed} failed, ${skipped} skipped`;
      }),
      ...packages.flatMap(describeFailures),
      `${total.passed} passed, ${total.failed} failed`,
    ],
    failed: total.failed,
  };
};
