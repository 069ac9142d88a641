import { describe } from "@effect/vitest";
import { candlesTopic } from "./source/candles.ts";
import { faultsTopic } from "./source/faults.ts";
import { infoTopic } from "./source/info.ts";
import { instrumentsTopic } from "./source/instruments.ts";
import { renewalTopic } from "./source/renewal.ts";
import { sessionTopic } from "./source/session.ts";
import { declare, type SourceSubject, type Topic } from "./source/subject.ts";

const topics: Readonly<Record<string, Topic>> = {
  info: infoTopic,
  session: sessionTopic,
  renewal: renewalTopic,
  instruments: instrumentsTopic,
  candles: candlesTopic,
  faults: faultsTopic,
};

/**
 * Declares the suite that defines what a source is: every line of `docs/contract.md` whose number begins with
 * S, against a real vendor on loopback that misbehaves on demand.
 */
export const sourceContract = (subject: SourceSubject): void => {
  describe(`source contract: ${subject.name}`, () => {
    for (const [title, topic] of Object.entries(topics)) {
      describe(title, () => declare(subject, topic));
    }
  });
};
