package main

import (
	"bytes"
	"fmt"
	"strings"

	"headroom/pkg/cli"
)

// markdownPage is the page of a command as GitHub shows it.
func markdownPage(c command) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<!-- Made by cmd/gendocs from the command itself: make docs. -->\n\n# %s\n", c.path)
	for _, p := range paragraphs(c.long) {
		fmt.Fprintf(&b, "\n%s\n", markdownParagraph(p))
	}
	fmt.Fprintf(&b, "\n```text\n%s\n```\n", c.usage)
	if c.example != "" {
		fmt.Fprintf(&b, "\n## Examples\n\n```sh\n%s\n```\n", strings.Join(lines(c.example), "\n"))
	}
	if len(c.children) > 0 {
		b.WriteString("\n## Commands\n\n")
		for _, k := range c.children {
			fmt.Fprintf(&b, "- [%s](%s.md): %s\n", k.path, fileOf(k.path), markdownText(k.short))
		}
	}
	markdownOptions(&b, "Flags", c.own)
	markdownOptions(&b, "Flags of all commands", c.inherited)
	if c.parent == "" {
		markdownProgram(&b)
	} else {
		fmt.Fprintf(&b, "\nPart of [%s](%s.md).\n", c.parent, fileOf(c.parent))
	}
	return b.Bytes()
}

// markdownProgram is what only the page of the program has.
func markdownProgram(b *bytes.Buffer) {
	b.WriteString("\n## Completion\n\n" +
		"For this session: `source <(headroom completion bash)`; likewise zsh, fish and powershell.\n" +
		"`headroom completion --help` says how to keep it.\n")
	b.WriteString("\n## Settings\n\n" +
		"A flag wins over the environment, that over ./headroom.yaml, that over the user's file\n" +
		"($XDG_CONFIG_HOME/headroom/config.yaml), that over the default.\n\n" +
		"| In files | Environment | Meaning |\n| --- | --- | --- |\n")
	for _, s := range cli.Settings() {
		fmt.Fprintf(b, "| `%s` | `%s` | %s |\n", s.Key, s.Env, markdownText(s.Meaning))
	}
	b.WriteString("\n## Exit codes\n\n| Code | Meaning |\n| ---: | --- |\n")
	for _, e := range cli.ExitCodes() {
		fmt.Fprintf(b, "| %d | %s |\n", e.Code, markdownText(e.Meaning))
	}
}

func markdownOptions(b *bytes.Buffer, title string, list []option) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n| Flag | Meaning |\n| --- | --- |\n", title)
	for _, o := range list {
		fmt.Fprintf(b, "| `%s` | %s |\n", o.name, markdownText(o.explained()))
	}
}

// markdownParagraph keeps what is indented as it is, as code.
func markdownParagraph(p string) string {
	if strings.HasPrefix(p, "\t") || strings.HasPrefix(p, "  ") {
		return "```sh\n" + strings.Join(dedent(p), "\n") + "\n```"
	}
	return markdownText(p)
}

func dedent(p string) []string {
	var out []string
	for _, l := range strings.Split(p, "\n") {
		out = append(out, strings.TrimLeft(l, "\t "))
	}
	return out
}

// markdownText escapes what Markdown would take for markup.
func markdownText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "<", `\<`, ">", `\>`, "[", `\[`, "]", `\]`,
		"`", "\\`", "$", `\$`).Replace(s)
}
