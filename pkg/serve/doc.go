// Package serve is a page on this machine on which the inputs of a profile are moved and
// the bill follows at once.
//
// A Page has the profile with its price tables, read once. All that a browser may ask is
// its one function Answer: other values of inputs go in, and a total, tables and charts
// as HTML, or what is wrong with which input, come out. Handler puts it, and the files of
// the page, behind a token and a few refusals; Run serves it until the context ends. The
// page itself is page/index.html, page.css and page.js, which talks to nothing but the
// function plan: a build of the planner for browsers could take its place.
//
// Nothing is written. No file is read: the Planner behind the Model has read all of them
// when the page begins, and refuses others (intake.Reader.Seal).
//
// Words: a set is path=value, as --set has it. An input is a value of the profile that may
// be set; a fixed one is given on the command line and has no effect in the profile.
package serve
