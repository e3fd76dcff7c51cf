package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/cli"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/pricing"
	"headroom/profiles"
)

// references are what docs/documents.md may refer to.
type references struct {
	t       testing.TB
	schema  map[string]any
	tests   map[string]testFolder // by package
	systems map[string]*workload.Profile
	program *cobra.Command
	reports map[string]*reportKeys // by command line
}

func newReferences(t testing.TB) *references {
	r := &references{t: t, tests: map[string]testFolder{}, systems: map[string]*workload.Profile{},
		program: cli.Commands(pricing.FS, profiles.FS), reports: map[string]*reportKeys{}}
	require.NoError(t, json.Unmarshal(workload.Schema(sizing.Specs(), nil), &r.schema))
	return r
}

// look finds what a reference names, and gives its text for the page:
//
//	not
//	key growth.events[].multiplier       also components.KIND.KEY
//	aim aims.outage                      held against the plan
//	kind cache
//	profile medium                       or with a component: profile medium/db
//	scenario twice-the-users
//	command check --budget               with any number of flags
//	report estimate medium: demand.users  or the key of a remark: fact.headroom
func (r *references) look(ref string) (string, error) {
	word, rest, _ := strings.Cut(ref, " ")
	text := fmt.Sprintf("%s `%s`", word, rest)
	switch word {
	case "not":
		return "—", nil
	case "key":
		return text, r.key(rest)
	case "aim":
		if !strings.HasPrefix(rest, "aims.") {
			return "", fmt.Errorf("%q is no aim", rest)
		}
		return text, r.key(rest)
	case "kind":
		if _, ok := sizing.Specs()[rest]; !ok {
			return "", fmt.Errorf("no kind %q", rest)
		}
		return fmt.Sprintf("kind [%s](profile-reference.md#kind-%[1]s)", rest), nil
	case "profile":
		return r.profile(rest)
	case "scenario":
		_, err := fs.Stat(profiles.FS, "scenarios/"+rest+".yaml")
		return text, err
	case "command":
		return fmt.Sprintf("`headroom %s`", rest), r.command(rest)
	case "report":
		args, name, ok := strings.Cut(rest, ": ")
		if !ok {
			return "", fmt.Errorf("%q names no figure", ref)
		}
		return fmt.Sprintf("`%s` of `headroom %s`", name, args), r.report(args, name)
	}
	return "", fmt.Errorf("%q: no such sort of reference", ref)
}

// key looks a key up in the schema of profiles.
func (r *references) key(path string) error {
	at, kind := []map[string]any{r.schema}, ""
	for i, name := range strings.Split(path, ".") {
		name, list := strings.CutSuffix(name, "[]")
		var next []map[string]any
		for _, node := range r.nodes(at, kind) {
			if p, ok := node["properties"].(map[string]any); ok {
				next = append(next, objects(p[name])...)
			}
			next = append(next, objects(node["additionalProperties"])...)
		}
		kind = ""
		if i == 1 && strings.HasPrefix(path, "components.") && name != "*" {
			if _, ok := sizing.Specs()[name]; !ok {
				return fmt.Errorf("key %s: no kind %q", path, name)
			}
			kind = name
		}
		if list {
			var items []map[string]any
			for _, node := range r.nodes(next, "") {
				items = append(items, objects(node["items"])...)
			}
			next = items
		}
		if len(next) == 0 {
			return fmt.Errorf("no key %s: %s is not there", path, name)
		}
		at = next
	}
	return nil
}

func objects(v any) []map[string]any {
	if m, ok := v.(map[string]any); ok {
		return []map[string]any{m}
	}
	return nil
}

// nodes are schemas with all that they refer to. Of the keys of components it takes
// those of a kind; those of all kinds stand beside them.
func (r *references) nodes(at []map[string]any, kind string) []map[string]any {
	var out []map[string]any
	for _, node := range at {
		out = append(out, node)
		var more []map[string]any
		if ref, ok := node["$ref"].(string); ok {
			defs := r.schema["$defs"].(map[string]any)
			more = append(more, objects(defs[strings.TrimPrefix(ref, "#/$defs/")])...)
		}
		for _, word := range []string{"anyOf", "allOf"} {
			list, _ := node[word].([]any)
			for _, one := range list {
				m := one.(map[string]any)
				if m["if"] == nil {
					more = append(more, m)
				} else if kind != "" && strings.Contains(fmt.Sprint(m["if"]), "const:"+kind+" ") {
					more = append(more, m["then"].(map[string]any))
				}
			}
		}
		out = append(out, r.nodes(more, kind)...)
	}
	return out
}

// profile looks a profile that comes with the program up, and a component of it
// or of one of its stages.
func (r *references) profile(ref string) (string, error) {
	name, component, _ := strings.Cut(ref, "/")
	p := r.systems[name]
	if p == nil {
		d, err := openCase(name)
		if err != nil {
			return "", err
		}
		if p, err = d.Profile(); err != nil {
			return "", err
		}
		r.systems[name] = p
	}
	text := fmt.Sprintf("profile [%s](../profiles/%[1]s.yaml)", name)
	if component == "" {
		return text, nil
	}
	_, ok := p.Component(component)
	for _, s := range p.Stages {
		if !ok {
			_, ok = s.Set.Get("components." + component)
		}
	}
	if !ok {
		return "", fmt.Errorf("profile %s has no component %q", name, component)
	}
	return text + fmt.Sprintf(" `%s`", component), nil
}

// command looks a command and its flags up.
func (r *references) command(ref string) error {
	words := strings.Fields(ref)
	n := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") })
	if n < 0 {
		n = len(words)
	}
	cmd := r.program
	for _, word := range words[:n] {
		i := slices.IndexFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Name() == word })
		if i < 0 {
			return fmt.Errorf("headroom %s: no command %q", ref, word)
		}
		cmd = cmd.Commands()[i]
	}
	for _, flag := range words[n:] {
		name, _, _ := strings.Cut(strings.TrimPrefix(flag, "--"), "=")
		if cmd.Flags().Lookup(name) == nil && cmd.InheritedFlags().Lookup(name) == nil {
			return fmt.Errorf("headroom %s has no flag %q", cmd.Name(), flag)
		}
	}
	return nil
}

// reportKeys are the names of all values of a report, as paths (lists have []), and the
// keys of all remarks.
type reportKeys struct {
	paths   map[string]bool
	remarks map[string]bool
}

// report makes a report and looks a figure of it up: by the end of its path, or by the key
// of a remark.
func (r *references) report(args, name string) error {
	keys := r.reports[args]
	if keys == nil {
		var out, problems bytes.Buffer
		env := cli.Env{Args: append(strings.Fields(args), "--format", "json"), In: strings.NewReader(""), Out: &out,
			Err: &problems, Getenv: func(string) string { return "" }, Version: "devel", Now: time.Now}
		cli.Main(env, catalog.WithCompact(pricing.FS, pricing.Compact), profiles.FS)
		var doc any
		if err := json.NewDecoder(io.LimitReader(&out, 64<<20)).Decode(&doc); err != nil {
			return fmt.Errorf("headroom %s: %w: %s", args, err, problems.String())
		}
		keys = &reportKeys{map[string]bool{}, map[string]bool{}}
		keys.add("", doc)
		r.reports[args] = keys
	}
	if keys.remarks[name] {
		return nil
	}
	for path := range keys.paths {
		if strings.HasSuffix(path, "."+name) {
			return nil
		}
	}
	return fmt.Errorf("headroom %s has no %s", args, name)
}

func (k *reportKeys) add(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			k.paths[path+"."+name] = true
			if text, ok := x.(string); ok && name == "key" {
				k.remarks[text] = true
			}
			k.add(path+"."+name, x)
		}
	case []any:
		for _, x := range v {
			k.add(path+"[]", x)
		}
	}
}

// test looks a test up: package and function, with a part of it behind a slash, or a script.
func (r *references) test(ref string) (string, error) {
	folder, name, ok := strings.Cut(ref, " ")
	if !ok {
		_, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(ref)))
		return fmt.Sprintf("[%s](../%s)", filepath.Base(ref), ref), err
	}
	tests, ok := r.tests[folder]
	if !ok {
		tests = testsOf(r.t, folder)
		r.tests[folder] = tests
	}
	name, part, _ := strings.Cut(name, "/")
	if !slices.Contains(tests.names, name) {
		return "", fmt.Errorf("no test %s in %s", name, folder)
	}
	if part != "" {
		if !strings.Contains(tests.source, strconv.Quote(part)) {
			return "", fmt.Errorf("%s of %s has no part %q", name, folder, part)
		}
		name += "/" + strings.ReplaceAll(part, " ", "_")
	}
	return fmt.Sprintf("`%s` (%s)", name, folder), nil
}
