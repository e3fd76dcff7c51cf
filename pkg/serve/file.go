package serve

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"headroom/pkg/whatif"
)

// File is a text for the browser to save.
type File struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// file is the changed profile with its comments or, where its text cannot be changed
// without a doubt, the changes alone as a scenario.
func (p *Page) file(sets []whatif.Assignment) *File {
	name := path.Base(filepath.ToSlash(p.o.Name))
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".yaml"), ".yml") + "-changed"
	if !fileName.MatchString(name) { // stdin, the folder's profile, or what only some systems allow
		name = "profile-changed"
	}
	if text, err := p.o.Model.Rewrite(sets); err == nil {
		return &File{Name: name + ".yaml", Text: string(text)}
	}
	var b strings.Builder
	b.WriteString("# The changes alone: headroom whatif " + word(p.o.Name) + " --scenario ./" + name +
		".scenario.yaml\napiVersion: headroom/v1\nname: changed\nset:\n")
	for _, s := range sets {
		b.WriteString("  " + quoted(s.Path) + ": " + quoted(s.Text) + "\n")
	}
	return &File{Name: name + ".scenario.yaml", Text: b.String()}
}

// fileName is a name that every system takes.
var fileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// quoted is a text as YAML has it in single quotes.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// command is the line that gives the same plan.
func (o *Options) command(sets []whatif.Assignment) string {
	name := "estimate"
	if len(sets) > 0 {
		name = "whatif"
	}
	words := append([]string{"headroom", name, o.Name}, o.Flags...)
	for _, s := range sets {
		words = append(words, "--set", s.Path+"="+s.Text)
	}
	for i := range words {
		words[i] = word(words[i])
	}
	return strings.Join(words, " ")
}

// plainWord is what no shell takes for anything else.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:=,@%+-]+$`)

// word is a word as a POSIX shell reads it.
func word(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
