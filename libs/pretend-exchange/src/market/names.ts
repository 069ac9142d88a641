import { between, hash, pick, substream, type Word } from "../random.ts";

const ONSETS = [
  "BR",
  "D",
  "DR",
  "F",
  "G",
  "H",
  "J",
  "K",
  "L",
  "M",
  "N",
  "P",
  "QU",
  "R",
  "S",
  "SK",
  "T",
  "TH",
  "V",
  "Z",
] as const;
const VOWELS = ["A", "E", "I", "O", "U", "AI", "EE", "OU"] as const;
const CODAS = ["", "L", "N", "R", "SH", "X", "M", "ZT"] as const;

type Trade = readonly [name: string, short: string];

const TRADES: readonly [Trade, ...ReadonlyArray<Trade>] = [
  ["INDUSTRIES", "IND"],
  ["PHARMA", "PHAR"],
  ["FINANCE", "FIN"],
  ["CHEMICALS", "CHEM"],
  ["TEXTILE MILLS", "TEX"],
  ["SOFTWARE", "SOFT"],
  ["ENERGY", "ENER"],
  ["AGRO FOODS", "AGRO"],
  ["ENGINEERING", "ENGG"],
  ["INFRA PROJECTS", "INFRA"],
  ["PAPER", "PAPER"],
  ["CABLES", "CABLE"],
  ["SUGAR", "SUGAR"],
  ["LOGISTICS", "LOG"],
];

const syllable = (seed: Word, index: number): string =>
  pick(hash(seed, index), ONSETS) + pick(hash(seed, index + 50), VOWELS) +
  pick(hash(seed, index + 100), CODAS);

/** A trading symbol and the company's name. */
export interface Naming {
  readonly symbol: string;
  readonly name: string;
}

/**
 * Invented names: syllables that no register of companies uses, and a trade. Now and then with an ampersand or a
 * hyphen in the symbol, with stray blanks in the name, or without a name, as in the vendor's dumps.
 */
export const inventName = (seed: Word, index: number): Naming => {
  const own = substream(seed, `name ${index}`);
  const root = syllable(own, 0) + syllable(own, 1) +
    (between(hash(own, 2), 0, 2) === 0 ? "" : syllable(own, 3));
  const [trade, short] = pick(hash(own, 4), TRADES);
  const form = between(hash(own, 5), 0, 99);
  const joined = form < 3
    ? `${root.slice(0, 4)}&${short}`
    : form < 7
    ? `${root.slice(0, 6)}-${short}`
    : `${root}${short}`;
  const blank = between(hash(own, 6), 0, 99);
  const name = `${root} ${trade}`;
  return {
    symbol: joined,
    name: blank < 6 ? "" : blank < 10 ? `${name} ` : blank < 13 ? name.replace(" ", "  ") : name,
  };
};
