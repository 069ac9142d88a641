import type { Login } from "@candlewick/core";
import { Effect, Option, Redacted, Schema } from "effect";
import type { Secrets } from "../log/Secrets.ts";
import * as Credentials from "./Credentials.ts";

const Tokens = Schema.fromJsonString(Schema.Record(Schema.String, Schema.String));
const decode = Schema.decodeUnknownOption(Tokens);

const loginOf = ({ credential, expires }: Credentials.Credential): Option.Option<Login.Login> =>
  Option.map(decode(Redacted.value(credential)), (tokens) => ({
    tokens: Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, Redacted.make(token)])),
    expires,
  }));

/**
 * What the logins of a source that logs in by itself bring, in the file where any login of a source is kept. Whatever
 * goes through here is hidden from all output.
 */
export const keptLogin = (
  project: { readonly state: string; readonly secrets: Secrets },
  source: string,
): Login.KeptLogin => {
  const hidden = (login: Login.Login): Login.Login => {
    project.secrets.addFrom(login.tokens);
    return login;
  };
  return {
    load: Effect.gen(function* () {
      const { credential, path, warnings } = yield* Credentials.read(project.state, source);
      for (const warning of warnings) yield* Effect.logWarning(warning);
      const login = Option.flatMap(credential, loginOf);
      if (Option.isSome(credential) && Option.isNone(login)) {
        yield* Effect.logWarning(`${path} holds no login of ${source}: it is replaced by the next one`);
      }
      return Option.getOrUndefined(Option.map(login, hidden));
    }).pipe(
      Effect.catch(({ problems }) => Effect.as(Effect.logWarning(problems.join("\n")), undefined)),
    ),
    save: (login) =>
      login === undefined ? Credentials.remove(project.state, source) : Effect.suspend(() => {
        const { tokens, expires } = hidden(login);
        const plain = Object.fromEntries(
          Object.entries(tokens).map(([name, token]) => [name, Redacted.value(token)]),
        );
        return Credentials.store(project.state, source, {
          credential: Redacted.make(JSON.stringify(plain)),
          expires,
        });
      }).pipe(
        Effect.catch(({ problems }) =>
          Effect.logWarning(`${problems.join("\n")}; the next run logs in again`)
        ),
        Effect.asVoid,
      ),
  };
};
