package strict_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// system has every construct that the package supports.
type system struct {
	strict.At
	Ignored string `yaml:"-"`

	Name    string                      `yaml:"name" required:"true" pattern:"^[a-z0-9][a-z0-9.-]*$"`
	Vintage string                      `yaml:"vintage"`
	Mode    string                      `yaml:"mode" enum:"one|two|off"`
	Retries int                         `yaml:"retries" min:"0" max:"9"`
	Weight  float64                     `yaml:"weight" above:"0" below:"10"`
	Debug   bool                        `yaml:"debug"`
	Tags    []string                    `yaml:"tags" pattern:"^[a-z]+$" max:"3"`
	Users   strict.Value[unit.Count]    `yaml:"users" min:"1"`
	Size    strict.Value[unit.Bytes]    `yaml:"size"`
	Share   strict.Value[unit.Fraction] `yaml:"share" min:"0" max:"1"`
	Spot    *strict.Value[bool]         `yaml:"spot"`
	Timeout unit.Duration               `yaml:"timeout"`
	Survive *[]string                   `yaml:"survive" enum:"node|zone"`
	Limits  limits                      `yaml:"limits"`
	Aims    *aims                       `yaml:"aims"`
	Parts   strict.Map[*partOf]         `yaml:"parts" pattern:"^[a-z]+$"`
	Zones   []zone                      `yaml:"zones"`
	Extra   extra                       `yaml:",inline"`
	Common
}

// KeyText is what some keys mean.
func (*system) KeyText(key string) string {
	return map[string]string{"name": "Short name.", "vintage": "Date of the price tables.",
		"users": "Active users."}[key]
}

// Common is embedded and therefore inline.
type Common struct {
	Owner string `yaml:"owner"`
}

type extra struct {
	Color string `yaml:"color"`
}

type limits struct {
	strict.At
	CPU strict.Value[unit.Fraction] `yaml:"cpu"`
	RAM strict.Value[unit.Fraction] `yaml:"ram"`
}

// Check has a rule over two fields.
func (l *limits) Check(c *strict.Checker) {
	if l.CPU.V > l.RAM.V {
		c.Errorf(c.At("cpu"), "lower cpu", "cpu %v is above ram %v", l.CPU.V, l.RAM.V)
	}
}

// aims is recursive.
type aims struct {
	P99      *strict.Value[unit.Duration] `yaml:"p99"`
	Degraded *aims                        `yaml:"degraded"`
}

type partOf struct {
	strict.At
	Kind  string `yaml:"kind" required:"true"`
	Notes string `yaml:"notes"`
	Spec  any    `yaml:",variant=kind"`
}

type database struct {
	strict.At
	Replicas int                      `yaml:"replicas" required:"true" min:"0"`
	Row      strict.Value[unit.Bytes] `yaml:"row"`
}

// Check refuses what only one kind cannot have.
func (d *database) Check(c *strict.Checker) {
	if d.Replicas > 5 {
		c.Errorf(c.At("replicas"), "use at most 5", "too many replicas")
	}
}

type cache struct {
	TTL unit.Duration `yaml:"ttl"`
}

func (*cache) Former() map[string]string { return map[string]string{"expiry": "write ttl: 5min"} }

type zone struct {
	Name   string `yaml:"name" required:"true"`
	Weight int    `yaml:"weight"`
}

func (z *zone) Default() { z.Weight = 7 }

func kinds() map[string]func() any {
	return map[string]func() any{
		"database": func() any {
			return &database{Row: strict.Value[unit.Bytes]{V: 1000, Assumed: "typical"}}
		},
		"cache": func() any { return &cache{} },
	}
}

func options() strict.ReadOptions { return strict.ReadOptions{Variants: kinds()} }

func defaults() *system {
	return &system{
		Mode:   "one",
		Users:  strict.Value[unit.Count]{V: 100, Assumed: "a guess"},
		Limits: limits{RAM: strict.Value[unit.Fraction]{V: 0.8, Source: "a book"}},
	}
}

// whole is valid and uses every key.
const whole = `# a comment
name: 1.10
vintage: 2016-04-18
mode: "off"
retries: 3
weight: 0.5
debug: true
tags: [red, green]
users: {value: 2500, source: "the brief: page 3"}
size: 2MB
share:
  value: 50%
  assumed: half of them   # said so
spot: false
timeout: 30s
survive: []
limits:
  cpu: 0.6
aims:
  p99: 200ms
  degraded: {p99: 1s}
parts:
  db:
    kind: database
    notes: |
      two
      lines
    replicas: 2
  front: {kind: cache, ttl: 5min}
zones:
- name: a
- name: 720
  weight: 1
color: blue
owner: me
`

func decode(t *testing.T, src string) (*system, error) {
	t.Helper()
	s := defaults()
	return s, strict.Decode("f.yaml", []byte(src), s, options())
}

// problems requires that err is Problems, each with a position.
func problems(t *testing.T, err error) diag.Problems {
	t.Helper()
	var ps diag.Problems
	require.Error(t, err)
	require.True(t, errors.As(err, &ps), "not Problems: %T", err)
	require.NotEmpty(t, ps)
	for _, p := range ps {
		require.Equal(t, "f.yaml", p.Pos.File)
		require.GreaterOrEqual(t, p.Pos.Line, 1)
		require.GreaterOrEqual(t, p.Pos.Col, 1)
		require.NotEmpty(t, p.Summary)
	}
	return ps
}
