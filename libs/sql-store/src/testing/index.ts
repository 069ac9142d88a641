/** Tools for tests of stores: a disk that is soon full, and failures told by their fault. */
export { canMakeDisks, growDisk, smallDisk } from "./smallDisk.ts";
export { storeFailure } from "./storeFailure.ts";
