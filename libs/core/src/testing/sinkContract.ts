import { describe } from "@effect/vitest";
import { concurrencyTopic } from "./sink/concurrency.ts";
import { ensureTopic } from "./sink/ensure.ts";
import { identityTopic } from "./sink/identity.ts";
import { locksTopic } from "./sink/locks.ts";
import { propertiesTopic } from "./sink/properties.ts";
import { replaceTopic } from "./sink/replace.ts";
import { selectTopic } from "./sink/select.ts";
import { declare, type SinkSubject, type Topic } from "./sink/subject.ts";
import { transactionsTopic } from "./sink/transactions.ts";
import { upsertTopic } from "./sink/upsert.ts";
import { valuesTopic } from "./sink/values.ts";
import { viewsTopic } from "./sink/views.ts";

const topics: Readonly<Record<string, Topic>> = {
  ensure: ensureTopic,
  upsert: upsertTopic,
  replace: replaceTopic,
  select: selectTopic,
  values: valuesTopic,
  transactions: transactionsTopic,
  concurrency: concurrencyTopic,
  locks: locksTopic,
  views: viewsTopic,
  identity: identityTopic,
  properties: propertiesTopic,
};

/**
 * Declares the suite that defines what a sink is: every line of `docs/contract.md` whose number begins with K,
 * against the real store of the subject.
 */
export const sinkContract = (subject: SinkSubject): void => {
  describe(`sink contract: ${subject.name}`, () => {
    for (const [title, topic] of Object.entries(topics)) {
      describe(title, () => declare(subject, topic));
    }
  });
};
