import { expect } from "@effect/vitest";
import { Effect } from "effect";
import { intervals } from "../../Interval.ts";
import { dayOf, isDay } from "../../MarketTime.ts";
import type { Topic } from "./subject.ts";

const HOST = /^[a-z0-9.-]+(:\d+)?$/;

export const infoTopic: Topic = (test, subject) => {
  test(
    "S1: the plugin says how to log in, and which of its settings are credentials",
    "healthy",
    () =>
      Effect.sync(() => {
        const { plugin } = subject;
        expect(plugin.id).toMatch(/^[a-z][a-z0-9-]*$/);
        expect(plugin.summary).not.toBe("");
        expect(Object.keys(plugin.settings)).toEqual(expect.arrayContaining([...plugin.credentials]));
        if (plugin.credentials.length > 0) expect(plugin.howToLogIn).not.toBe("");
        if (plugin.login !== undefined) expect(Object.keys(plugin.settings)).toContain(plugin.login.setting);
        for (const [key, setting] of Object.entries(plugin.settings)) {
          expect(setting.description, key).not.toBe("");
        }
      }),
  );

  test(
    "S2: info is consistent: limits, days per request, time zone, hosts",
    "healthy",
    ({ services }) =>
      Effect.sync(() => {
        const { info } = services.session;
        expect(info.id).toBe(subject.plugin.id);
        expect(info.name).not.toBe("");
        expect(() => dayOf(0, info.timeZone)).not.toThrow();
        expect(info.exchanges.length).toBeGreaterThan(0);
        expect(new Set(info.exchanges).size).toBe(info.exchanges.length);
        expect(info.coolDown).toBeGreaterThan(0);
        for (const { millis, requests } of [...info.limits.instruments, ...info.limits.candles]) {
          expect(Number.isInteger(requests) && requests > 0).toBe(true);
          expect(millis).toBeGreaterThan(0);
        }
        for (const [interval, days] of Object.entries(info.daysPerRequest)) {
          expect(intervals).toContain(interval);
          expect(days).toBeGreaterThan(0);
        }
        for (const [interval, day] of Object.entries(info.earliest)) {
          expect(Object.keys(info.daysPerRequest)).toContain(interval);
          expect(isDay(day)).toBe(true);
        }
        expect(info.hosts.length).toBeGreaterThan(0);
        for (const host of info.hosts) expect(host).toMatch(HOST);
      }),
  );

  test(
    "S3: the services are those it offers, and candles come with their intervals",
    "healthy",
    ({ services }) =>
      Effect.sync(() => {
        expect(services.instruments !== undefined).toBe(subject.offers.includes("instruments"));
        expect(services.candles !== undefined).toBe(subject.offers.includes("candles"));
        const offered = Object.keys(services.session.info.daysPerRequest);
        expect(offered.length > 0).toBe(subject.offers.includes("candles"));
        if (subject.candles !== undefined) expect(offered).toContain(subject.candles.interval);
      }),
  );

  test(
    "S4: nothing is asked of the vendor before a call needs it",
    "healthy",
    ({ requests }) => Effect.sync(() => expect(requests()).toEqual([])),
  );
};
