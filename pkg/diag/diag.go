package diag

import (
	"fmt"
	"sort"
	"strings"
)

// Pos is a place in an input file. Line and Col count from 1; Line 0 means
// the whole file. Col counts characters (runes), as editors do.
type Pos struct {
	File string
	Line int
	Col  int
}

// String prints file:line:column, leaving out what is not known.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Problem is one thing wrong with an input.
type Problem struct {
	Pos     Pos
	Summary string // what is wrong
	Hint    string // what to do about it; may be empty
	Source  string // the source line at Pos, without its newline; may be empty
}

// Error prints the problem on one line; Render quotes the source too.
func (p Problem) Error() string {
	s := p.Summary
	if at := p.Pos.String(); at != "" {
		s = at + ": " + s
	}
	return s
}

// Problems is an error made of one or more problems.
type Problems []Problem

// Add appends a problem.
func (ps *Problems) Add(p Problem) { *ps = append(*ps, p) }

// Addf appends a problem with a formatted summary and a hint.
func (ps *Problems) Addf(at Pos, hint, format string, args ...any) {
	ps.Add(Problem{Pos: at, Hint: hint, Summary: fmt.Sprintf(format, args...)})
}

// Err is nil where there is no problem, and the sorted problems otherwise.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	ps.Sort()
	return ps
}

// Sort orders problems by file, line and column, keeping the order of finding
// for equal places.
func (ps Problems) Sort() {
	sort.SliceStable(ps, func(i, j int) bool {
		a, b := ps[i].Pos, ps[j].Pos
		if a.File != b.File {
			return a.File < b.File
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Col < b.Col
	})
}

// Error joins the one-line forms.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Quote fills in the source line of every problem that lies in the named file
// and has none yet.
func (ps Problems) Quote(file string, src []byte) {
	if len(ps) == 0 {
		return
	}
	lines := strings.Split(string(src), "\n")
	for i := range ps {
		p := &ps[i]
		if p.Source == "" && p.Pos.File == file && p.Pos.Line >= 1 && p.Pos.Line <= len(lines) {
			p.Source = strings.TrimSuffix(lines[p.Pos.Line-1], "\r")
		}
	}
}
