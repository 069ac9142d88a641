import { describe } from "@effect/vitest";
import { backupTopic } from "./keeper/backup.ts";
import { restoreTopic } from "./keeper/restore.ts";
import { statusTopic } from "./keeper/status.ts";
import { declare, type KeeperSubject, type Topic } from "./keeper/subject.ts";
import { truncateTopic } from "./keeper/truncate.ts";

const topics: Readonly<Record<string, Topic>> = {
  status: statusTopic,
  backup: backupTopic,
  restore: restoreTopic,
  truncate: truncateTopic,
};

/**
 * Declares the suite that defines what a sink's keeper is: every line of `docs/contract.md` whose number begins
 * with U, against the real store of the subject.
 */
export const keeperContract = (subject: KeeperSubject): void => {
  describe(`keeper contract: ${subject.name}`, () => {
    for (const [title, topic] of Object.entries(topics)) {
      describe(title, () => declare(subject, topic));
    }
  });
};
