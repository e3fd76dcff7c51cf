// Package words makes sentences of remarks (package remark): what the kinds of
// components say of their structure, their limits and their growth, what an
// estimate says beside the bill, what a limit of a budget found, what could not be
// told apart in a difference. It is the only place for such sentences, so that one
// who wants them in other words, or in another language, changes nothing else.
// Package report puts them where they belong; below it only errors say something.
//
// The words of one part of the program are a function and a row in vocabularies, by
// the beginning of a remark's key: "log.partitions" is said by the vocabulary of
// log. A remark that is about one region has its name as a value; whoever says the
// remark puts the region before the sentence, or says once what is the same in all
// of them. A remark without words is said all the same, with its own names and
// values, so that a new kind needs none to begin with.
//
// What, Formula and Result make the texts of a step of a derivation, of its notation and its
// figures.
package words
