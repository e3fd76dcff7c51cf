// Package intake reads the files of a run: each once, no more of it than its kind
// may have, and until the run is stopped.
//
// A Reader keeps what it has read, so that a file that two parts of a run need is
// opened once: a pipe gives its bytes once only, and two reports of one run speak
// of the same bytes. From these it quotes the lines in which problems lie. It knows
// which files were read, so that no output takes the place of an input.
//
// What is quoted ends up in logs that others read, and a profile can name any file
// of the machine that reads it. So a problem of a file is shown only where the name,
// and that of the file to which a link leads, ends as its kind does, and the file lies
// in the folder of the file that names it, or was named on the command line. Of any
// other the place is told, and no text.
//
// Text is what all readers take for text: UTF-8, with or without byte order mark,
// with any of the three ways to end a line.
package intake
