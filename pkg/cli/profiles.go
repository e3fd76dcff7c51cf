package cli

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/intake"
	"headroom/pkg/report"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

func newProfilesCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profiles",
		Short: "List, show, start and validate profiles",
		Long: "A profile is the YAML file that describes a system: its workload, its components\n" +
			"and how they call each other. Some come with headroom; yours are files.",
		Example: "  headroom profiles list\n  headroom profiles init shop.yaml\n  headroom profiles validate shop.yaml",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newProfilesListCmd(a), newProfilesShowCmd(a), newProfilesInitCmd(a), newProfilesValidateCmd(a),
		newProfilesSchemaCmd(a))
	return cmd
}

func newProfilesListCmd(a *app) *cobra.Command {
	var format, out string
	cmd := &cobra.Command{
		Use: "list", Short: "List the embedded profiles", Args: cobra.NoArgs,
		Example: "  headroom profiles list\n  headroom profiles list --format json",
		RunE: func(*cobra.Command, []string) error {
			if err := knownFormat(format, report.DocumentFormats()); err != nil {
				return err
			}
			var all []*workload.Profile
			for _, name := range a.profileNames() {
				p, err := a.loadProfile(name)
				if err != nil {
					return err
				}
				all = append(all, p)
			}
			return a.write(out, format, report.ProfileList(all))
		},
	}
	a.addFormat(cmd, &format, report.DocumentFormats())
	a.addOut(cmd, &out)
	return cmd
}

func newProfilesShowCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "show PROFILE", Short: "Print an embedded profile, to read or to start from", Args: cobra.ExactArgs(1),
		Example:           "  headroom profiles show reference-medium > mine.yaml",
		ValidArgsFunction: a.completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			name, err := a.inFolder(args[0], "")
			if err != nil {
				return err
			}
			if _, err := a.loadProfile(name); err != nil {
				return err
			}
			var src []byte
			if looksLikeFile(name) {
				src, err = a.shownProfile(name)
			} else {
				src, err = fs.ReadFile(a.profiles, name+".yaml")
			}
			if err != nil {
				return err
			}
			return a.output("", src)
		},
	}
}

// shownProfile is a file as a terminal or a log may show it: it may be somebody else's.
func (a *app) shownProfile(name string) ([]byte, error) {
	src, err := a.read(profileKind(), name, "")
	text, ps := intake.Text(filepath.ToSlash(name), src)
	if err == nil {
		err = ps.Err()
	}
	return []byte(diag.Lines(string(text))), err
}

// starter is what `profiles init` writes. A test runs it unedited.
//
//go:embed starter.yaml
var starter string

const initLong = `Write a commented profile to start from. It runs unedited:

  headroom profiles init shop.yaml && headroom estimate ./shop.yaml

Its first line tells editors with a YAML language server of headroom.schema.json,
which is written beside it where it is not there yet: they then complete keys,
regions and instance types, say what a key means and mark what is wrong.

--like starts from a system that is planned already: a platform of 60 services, an
app from its first users on, a site with machines of one's own and others, all of
which "headroom profiles list" shows.`

func newProfilesInitCmd(a *app) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use: "init FILE", Short: "Write a commented profile to start from", Args: cobra.ExactArgs(1),
		Long:    initLong,
		Example: "  headroom profiles init shop.yaml\n  headroom profiles init ours.yaml --like web-operations",
		RunE: func(_ *cobra.Command, args []string) error {
			return runProfilesInit(a, o, args[0])
		},
	}
	cmd.Flags().StringVar(&o.name, "name", "", "name of the profile (default: from the file's name)")
	cmd.Flags().StringVar(&o.like, "like", "", "start from this profile of those that come with headroom")
	a.complete(cmd, "like", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return a.profileNames(), cobra.ShellCompDirectiveNoFileComp
	})
	cmd.Flags().BoolVar(&o.force, "force", false, "replace an existing file")
	cmd.Flags().BoolVar(&o.noSchema, "no-schema", false, "do not write "+schemaFile)
	return cmd
}

type initOptions struct {
	name, like      string
	force, noSchema bool
}

// schemaFile is the schema that the starter's first line names.
const schemaFile = "headroom.schema.json"

func runProfilesInit(a *app, o initOptions, file string) error {
	if o.name == "" {
		o.name = profileName(file)
	}
	text, err := a.starterLike(o.like)
	if err != nil {
		return err
	}
	text = profileNameLine.ReplaceAllString(text, "name: "+o.name)
	if o.noSchema {
		_, text, _ = strings.Cut(text, "\n")
	}
	if _, err := workload.Parse(file, []byte(text), sizing.Specs(), nil); err != nil {
		return usagef("--name %q is not a profile's name: lower-case letters, digits and dashes, "+
			"a letter first", o.name)
	}
	if _, err := os.Lstat(file); err == nil && !o.force {
		return hinted{usagef("%s exists already", file), "Choose another name, or replace it with --force."}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cannotWrite(file, err)
	}
	if err := a.output(file, []byte(text)); err != nil {
		return err
	}
	wrote := file
	if schema := filepath.Join(filepath.Dir(file), schemaFile); !o.noSchema {
		if _, err := os.Lstat(schema); errors.Is(err, fs.ErrNotExist) {
			data, err := a.profileSchema()
			if err != nil {
				return err
			}
			if err := a.output(schema, data); err != nil {
				return err
			}
			wrote += " and, for editors, " + schema
		}
	}
	a.note("Wrote %s. Next: headroom estimate %s", wrote, asPath(file))
	return nil
}

// profileNameLine is the line of a profile that names it.
var profileNameLine = regexp.MustCompile(`(?m)^name: .*$`)

// starterLike is an embedded profile with the line for editors; without a name the starter.
func (a *app) starterLike(name string) (string, error) {
	if name == "" {
		return starter, nil
	}
	if !slices.Contains(a.profileNames(), name) {
		return "", hinted{usagef("no profile that comes with headroom is called %q%s", name,
			maybe(diag.Suggest(name, a.profileNames()))), "headroom profiles list shows them."}
	}
	src, err := fs.ReadFile(a.profiles, name+".yaml")
	editors, _, _ := strings.Cut(starter, "\n")
	return editors + "\n" + string(src), err
}

// profileName makes a profile's name from its file's name.
func profileName(file string) string {
	base := file[strings.LastIndexAny(file, "/\\")+1:]
	base, _, _ = strings.Cut(base, ".")
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, base)
	name = strings.Trim(name, "-")
	if name == "" || name[0] < 'a' {
		name = "p" + name
	}
	return name[:min(len(name), 63)]
}

// asPath writes a file so that commands take it for a path.
func asPath(file string) string {
	if looksLikeFile(file) {
		return file
	}
	return "./" + file
}

func newProfilesValidateCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "validate PROFILE…", Short: "Check profiles and report every problem with its position",
		Args:              cobra.MinimumNArgs(1),
		Example:           "  headroom profiles validate shop.yaml",
		ValidArgsFunction: a.completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			opts, err := a.planOptions()
			if err != nil {
				return err
			}
			var errs []error
			for _, name := range args {
				if _, err := os.Stat(name); err == nil {
					name = asPath(name)
				}
				_, warnings, err := a.validate(name, opts)
				if err != nil {
					errs = append(errs, err)
					continue
				}
				fmt.Fprintln(a.out, verdictOf(name, warnings))
			}
			return errors.Join(errs...)
		},
	}
	a.addSettings(cmd, planSettings()...)
	return cmd
}

// verdictOf says that a profile is valid, and what is to be doubted all the same.
func verdictOf(name string, warnings []string) string {
	if len(warnings) == 0 {
		return diag.Clean(name + ": fine")
	}
	text := diag.Clean(name + ": valid, with warnings:")
	for _, w := range warnings {
		text += "\n  " + diag.Clean(w)
	}
	return text
}

// validate plans a profile, and checks its environments. What it returns beside the
// profile and an error is what contradicts itself, though it can be planned.
func (a *app) validate(name string, o bill.Request) (*workload.Profile, []string, error) {
	p, err := a.loadProfile(name)
	if err != nil {
		return nil, nil, err
	}
	r, err := a.billProfile(p, o)
	if err != nil {
		return nil, nil, err
	}
	var errs []error
	for _, e := range p.Environments {
		if _, err := p.Environment(e.Key); err != nil {
			errs = append(errs, err)
		}
	}
	return p, report.Doubts(r.Plan), errors.Join(errs...)
}

func newProfilesSchemaCmd(a *app) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of profiles, for editors", Args: cobra.NoArgs,
		Example: "  headroom profiles schema --out profile.schema.json",
		RunE: func(*cobra.Command, []string) error {
			data, err := a.profileSchema()
			if err != nil {
				return err
			}
			return a.output(out, data)
		},
	}
	a.addOut(cmd, &out)
	return cmd
}

// profileSchema is the schema of profiles, with the names of the embedded tables.
func (a *app) profileSchema() ([]byte, error) {
	cat, err := a.catalog()
	if err != nil {
		return nil, err
	}
	v, err := cat.Vintage("")
	if err != nil {
		return nil, err
	}
	types, err := cat.NodeTypes()
	if err != nil {
		return nil, err
	}
	offers := map[string][]string{"regions": v.Regions()}
	for i := range types {
		offers["types"] = append(offers["types"], types[i].Name)
		offers["families"] = append(offers["families"], types[i].Family)
	}
	for _, list := range offers {
		slices.Sort(list)
	}
	offers["families"] = slices.Compact(offers["families"])
	return workload.Schema(sizing.Specs(), offers), nil
}
