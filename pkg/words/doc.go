// Package words makes sentences of remarks (package remark): what the kinds of
// components have to say of their structure, their limits and their growth. It is
// the only place for such sentences, so that one who wants them in other words,
// or in another language, changes nothing else.
//
// The words for a kind are a function and a row in vocabularies, by the beginning
// of a remark's key: "log.partitions" is said by the vocabulary of log. A remark
// without words is said all the same, with its own names and values, so that a new
// kind needs none to begin with.
package words
