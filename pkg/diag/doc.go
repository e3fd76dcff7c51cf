// Package diag reports problems in input: where (file, line, column), what is
// wrong and what to do, several at once, with the source line quoted.
//
// A Problem has a Pos, a summary and a hint. Whoever reads an input collects
// Problems with Add and Addf and returns Err, which is nil for none. Quote adds
// the source lines, where the text is at hand. Render prints any error for
// people: problems with their place and a caret below the column, everything
// else as its text. It escapes whatever could steer a terminal and cuts what is
// long, since a problem may quote a hostile file.
//
// Suggest finds the known word nearest to a misspelt one, for "did you mean".
// The package imports nothing of the project; every other may import it.
package diag
