// @ts-check

/**
 * How V8 trades time for memory. Left to itself it lets the heap grow to several times of what is in use, 500 MB for
 * a run that needs 80. Measured: half the memory, a tenth of the speed. No hard limit: a run that needs more gets
 * it.
 */
export const memoryFlags = "--v8-flags=--heap-growing-percent=40,--max-semi-space-size=8";
