package diag

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxShown is how many problems Render prints: more of them help nobody, and
// are often consequences of the first.
const maxShown = 20

// maxText bounds, in runes, a summary or a hint: a problem may quote input.
const maxText = 600

// Render writes an error for people. Problems are written with their place,
// the source line with a caret under the column, and the hint:
//
//	profiles/x.yaml:12:3: unknown key "user"
//	   12 |   user: 2500
//	      |   ^
//	  hint: did you mean "users"?
//
// at most twenty of them, then how many more there are; what wraps them is left
// out, and of joined errors each is written. Any other error is written as its
// text. Control characters are escaped throughout, so that a
// binary input cannot change the terminal. A nil error writes nothing. What is
// returned is the error of w.
//
// The prefix stands before all of it. Width is that of a terminal in columns: lines are
// wrapped, and of source lines as much is quoted as fits. A width of 0 is not known.
func Render(w io.Writer, prefix string, err error, width int) error {
	if err == nil {
		return nil
	}
	t := text{width: width}
	t.b.WriteString(prefix)
	for _, e := range Each(err) {
		t.render(e)
	}
	_, werr := io.WriteString(w, Harmless(t.b.String()))
	return werr
}

// text is errors as they are written.
type text struct {
	b     strings.Builder
	width int
}

// line writes the rest of a line, which is wrapped with all that stands before.
func (t *text) line(s string) {
	before := t.b.String()
	begun := before[strings.LastIndexByte(before, '\n')+1:]
	t.b.Reset()
	t.b.WriteString(before[:len(before)-len(begun)] + Wrap(begun+s, t.width, "  ") + "\n")
}

// Each gives the errors that errors.Join has put together, in their order; of another
// error that one alone.
func Each(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, Each(e)...)
	}
	return out
}

// Of gives the problems that an error is or wraps, a list of them or a single one; nil
// where it is of another kind. The list is the caller's.
func Of(err error) Problems {
	var many Problems
	var one Problem
	switch {
	case errors.As(err, &many):
		return slices.Clone(many)
	case errors.As(err, &one):
		return Problems{one}
	}
	return nil
}

// render writes one error, which wraps problems or not.
func (t *text) render(err error) {
	list := Of(err)
	if list == nil {
		t.line(clean(err.Error(), "  "))
	}
	for i, p := range list {
		if i == maxShown {
			t.line(fmt.Sprintf("… and %d more", len(list)-maxShown))
			break
		}
		t.problem(p)
	}
}

func (t *text) problem(p Problem) {
	at := ""
	if pos := p.Pos.String(); pos != "" {
		at = clean(pos, "") + ": "
	}
	t.line(at + clean(p.Summary, "  "))
	if p.Source != "" && p.Pos.Line > 0 {
		t.quote(p)
	}
	if p.Hint != "" {
		t.line("  hint: " + clean(p.Hint, "  "))
	}
}

// quote writes the source line, and a caret where the column is known.
func (t *text) quote(p Problem) {
	number, room := fmt.Sprintf("%5d", p.Pos.Line), maxWidth
	if t.width > 0 {
		room = min(room, max(t.width-len(number)-len(" | "), leastQuoted))
	}
	line, at := excerpt(p.Source, p.Pos.Col, room)
	fmt.Fprintf(&t.b, "%s | %s\n", number, line)
	if p.Pos.Col > 0 {
		fmt.Fprintf(&t.b, "%s | %s^\n", strings.Repeat(" ", len(number)), strings.Repeat(" ", at))
	}
}

// clean escapes what is not printable, keeps line breaks (the next line is
// indented), and cuts what is too long.
func clean(s, indent string) string {
	var b strings.Builder
	n := 0
	for len(s) > 0 {
		if n++; n > maxText {
			b.WriteString("…")
			break
		}
		r, size := utf8.DecodeRuneInString(s)
		if r == '\n' && indent != "" {
			if len(s) > size { // not at the end
				b.WriteString("\n" + indent)
			}
		} else {
			text, _ := cell(r, s[:size])
			b.WriteString(text)
		}
		s = s[size:]
	}
	return b.String()
}
