package workload

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path"
	"path/filepath"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Kinds makes the spec of each kind of component: name → a pointer to a struct
// that holds the kind's defaults.
type Kinds map[string]func() any

func (k Kinds) options() strict.ReadOptions { return strict.ReadOptions{Variants: k} }

// given is a default with its source.
func given[T any](v T, source string) strict.Value[T] {
	return strict.Value[T]{V: v, Source: source}
}

// judged is a default that no source gives: engineering judgement.
func judged[T any](v T, why string) strict.Value[T] {
	return strict.Value[T]{V: v, Assumed: why}
}

// Default is a profile with every documented default and nothing else.
func Default() *Profile {
	const agents = "operating system and agents of a node; what the kernel takes grows with the memory"
	const targets = "engineering judgement: leaves room for a burst, a deploy or a lost node"
	return &Profile{
		HoursPerMonth: given[unit.Count](730, "the AWS Pricing Calculator assumes 730 hours a month (8760 / 12)"),
		Horizon:       judged[unit.Count](12, "a year: what cannot be resized easily is bought for its end"),
		Lead:          judged[unit.Count](3, "a quarter: what people add while it runs is added that often"),
		Failover:      "active-active",
		DNS:           defaultDNS(),
		Prices:        Prices{Scope: "all"},
		Curve:         Curve{Preset: "flat"},
		Peak: Peak{
			Session:   judged[unit.Duration](1800, "half an hour a session"),
			IntraHour: judged[unit.Count](1, "no peak inside the worst hour"),
		},
		Policy: Policy{
			Survive:     []string{"node", "zone", "region"},
			Own:         judged[unit.Fraction](0.60, targets),
			Degraded:    judged[unit.Fraction](0.85, targets),
			Connections: judged[unit.Fraction](0.80, targets),
			Memory:      judged[unit.Fraction](0.85, targets),
			Disk:        judged[unit.Fraction](0.80, targets),
			Reserve: Reserve{
				CPU:    judged[unit.Count](0.1, agents),
				Memory: judged[unit.Bytes](512<<20, agents),
				Part:   judged[unit.Fraction](0.02, agents),
			},
			Running: strict.OrNone[Running]{V: usualRunning()},
		},
	}
}

// Parse reads a profile. read returns the files that it names (a measured load
// curve), by their path relative to the profile. The error is diag.Problems.
func Parse(file string, src []byte, kinds Kinds, read func(string) ([]byte, error)) (*Profile, error) {
	d, err := Open(file, src, kinds, read)
	if err != nil {
		return nil, err
	}
	return decode(d)
}

// decode reads a draft with its stages.
func decode(d *Draft) (*Profile, error) {
	p, err := decodeOne(d)
	if err == nil && len(p.Stages) > 0 {
		err = p.readStages(d)
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// decodeOne reads a draft as it is at the start.
func decodeOne(d *Draft) (*Profile, error) {
	file, src := d.file, d.src
	p := Default()
	if err := d.doc.Decode(p); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(src)
	p.File, p.Digest, p.Sources = file, hex.EncodeToString(sum[:]), []Source{{file, src}}
	p.name()
	for i := range p.Regions {
		p.Regions[i].settle()
	}
	var ps diag.Problems
	p.check(&ps)
	if len(ps) == 0 && p.Curve.File != "" {
		if err := p.readCurve(&ps, d.read); err != nil {
			return nil, err
		}
	}
	for i := range ps {
		if ps[i].Pos == (diag.Pos{}) { // what the file lacks is a problem of the whole
			ps[i].Pos = p.Pos
		}
	}
	ps.Quote(file, src)
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// name gives the components their names. One that is shared with other profiles
// has its own already.
func (p *Profile) name() {
	for _, e := range p.Components {
		if e.V.Name != e.Key {
			e.V.Name = e.Key
		}
	}
}

// Beside is the path of a file that the profile names, relative to itself. The
// profile may be one of a git revision, REV:PATH: then so is the other, and a path
// that begins with a dot, which git takes from the working folder, still does.
func (p *Profile) Beside(name string) string {
	if path.IsAbs(name) || filepath.IsAbs(name) {
		return name
	}
	rev, file, inGit := strings.Cut(p.File, ":")
	if !inGit || len(rev) < 2 || strings.HasPrefix(rev, ".") || path.IsAbs(rev) {
		return path.Join(path.Dir(p.File), name)
	}
	joined := path.Join(path.Dir(file), name)
	if strings.HasPrefix(file, ".") && !strings.HasPrefix(joined, ".") {
		joined = "./" + joined
	}
	return rev + ":" + joined
}

// readCurve reads the measured curve. The error is that of a run that was ended.
func (p *Profile) readCurve(ps *diag.Problems, read func(string) ([]byte, error)) error {
	name := p.Beside(p.Curve.File)
	data, err := read(name)
	p.Sources = append(p.Sources, Source{name, data})
	switch list := diag.Of(err); {
	case errors.Is(err, context.Canceled):
		return err
	case len(list) > 0 && list[0].Pos.Line > 0: // of the file itself
		*ps = append(*ps, list...)
		return nil
	case err != nil:
		ps.Addf(p.Curve.FileAt, "give the path relative to the profile", "load curve %q cannot be read: %v",
			p.Curve.File, err)
		return nil
	}
	s, err := ReadCurve(name, data)
	if list, ok := err.(diag.Problems); ok {
		*ps = append(*ps, list...)
		return nil
	}
	p.Curve.measured = &s
	return nil
}

// Component finds a component by name.
func (p *Profile) Component(name string) (*Component, bool) {
	for _, e := range p.Components {
		if e.Key == name {
			return e.V, true
		}
	}
	return nil, false
}

// ComponentNames lists the components in the order of the file.
func (p *Profile) ComponentNames() []string {
	names := make([]string, len(p.Components))
	for i, e := range p.Components {
		names[i] = e.Key
	}
	return names
}

// RegionNames lists the regions in the order of the file.
func (p *Profile) RegionNames() []string {
	names := make([]string, len(p.Regions))
	for i := range p.Regions {
		names[i] = p.Regions[i].Name
	}
	return names
}

// Pinned tells whether every component's machines are given, so that the
// profile needs no workload.
func (p *Profile) Pinned() bool {
	for _, e := range p.Components {
		if e.V.Pin == nil {
			return false
		}
	}
	return true
}

// Schema is the JSON Schema of profiles, for editors. Offers are the values that they
// propose: regions, types and families.
func Schema(kinds Kinds, offers map[string][]string) []byte {
	return strict.Schema(Default(), strict.SchemaOptions{
		ID: "https://headroom.invalid/schema/profile-v1.json", Title: "headroom profile, version 1",
		Variants: kinds, Offers: offers,
	})
}
