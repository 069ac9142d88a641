// Prints the arguments it was given as one line of JSON: what a program gets of what was typed.
import process from "node:process";

console.log(JSON.stringify(process.argv.slice(2)));
