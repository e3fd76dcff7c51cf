package main

import (
	"bytes"
	"fmt"
	"strings"

	"headroom/pkg/cli"
)

// manPage is the page of a command in the man macros of roff (man(7)).
func manPage(c command) []byte {
	m := roff{}
	fmt.Fprintf(&m.b,
		".\\\" Made by cmd/gendocs from the command itself: make docs.\n.TH %q 1 \"\" \"headroom\" \"User Commands\"\n",
		strings.ToUpper(c.file()))
	m.section("NAME")
	m.line(c.file() + ` \- ` + roffText(c.short))
	m.section("SYNOPSIS")
	m.line(`\fB` + roffText(c.usage) + `\fR`)
	m.section("DESCRIPTION")
	for _, p := range paragraphs(c.long) {
		m.paragraph(p)
	}
	if len(c.children) > 0 {
		m.section("COMMANDS")
		for _, k := range c.children {
			m.item(k.path, k.short)
		}
	}
	m.options("OPTIONS", c.own)
	m.options("OPTIONS OF ALL COMMANDS", c.inherited)
	if c.parent == "" {
		m.program()
	}
	if c.example != "" {
		m.section("EXAMPLES")
		m.verbatim(lines(c.example))
	}
	m.seeAlso(c)
	return m.b.Bytes()
}

type roff struct{ b bytes.Buffer }

func (m *roff) section(title string) { fmt.Fprintf(&m.b, ".SH %s\n", title) }

func (m *roff) line(s string) { m.b.WriteString(s + "\n") }

// paragraph keeps what is indented as it is.
func (m *roff) paragraph(p string) {
	if strings.HasPrefix(p, "\t") || strings.HasPrefix(p, "  ") {
		m.verbatim(dedent(p))
		return
	}
	m.line(".PP")
	for _, l := range strings.Split(p, "\n") {
		m.line(roffText(l))
	}
}

func (m *roff) verbatim(list []string) {
	m.line(".PP\n.RS 4\n.nf")
	for _, l := range list {
		m.line(roffText(l))
	}
	m.line(".fi\n.RE")
}

// item is a term with its meaning.
func (m *roff) item(term, meaning string) {
	fmt.Fprintf(&m.b, ".TP\n\\fB%s\\fR\n%s\n", roffText(term), roffText(meaning))
}

func (m *roff) options(title string, list []option) {
	if len(list) == 0 {
		return
	}
	m.section(title)
	for _, o := range list {
		m.item(o.name, o.explained())
	}
}

// program is what only the page of the program has.
func (m *roff) program() {
	m.section("EXIT STATUS")
	for _, e := range cli.ExitCodes() {
		m.item(fmt.Sprint(e.Code), e.Meaning)
	}
	m.section("ENVIRONMENT")
	for _, s := range cli.Settings() {
		m.item(s.Env, s.Meaning)
	}
	m.item("NO_COLOR", "plain text also on a terminal")
	m.section("COMPLETION")
	m.paragraph("For this session: source <(headroom completion bash); likewise zsh, fish and powershell.")
	m.section("FILES")
	m.item("./headroom.yaml", "settings of the folder")
	m.item("$XDG_CONFIG_HOME/headroom/config.yaml", "settings of the user; ~/.config without XDG_CONFIG_HOME")
}

func (m *roff) seeAlso(c command) {
	var names []string
	if c.parent != "" {
		names = append(names, c.parent)
	}
	for _, k := range c.children {
		names = append(names, k.path)
	}
	if len(names) == 0 {
		return
	}
	m.section("SEE ALSO")
	for i, n := range names {
		comma := ","
		if i == len(names)-1 {
			comma = ""
		}
		m.line(`\fB` + roffText(fileOf(n)) + `\fR(1)` + comma)
	}
}

// roffText escapes a text: backslashes, hyphens that must stay hyphens (flags
// are copied from man pages), and a control character at the beginning of a
// line. Characters beyond ASCII are written as \[uXXXX], which every roff
// knows (groff_char(7)).
func roffText(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\\':
			b.WriteString(`\e`)
		case r == '-':
			b.WriteString(`\-`)
		case r == '\n':
			b.WriteByte(' ')
		case i == 0 && (r == '.' || r == '\''):
			b.WriteString(`\&` + string(r))
		case r > 126:
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
