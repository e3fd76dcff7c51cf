package workload

import (
	"headroom/pkg/diag"
	"headroom/pkg/strict"
)

// Keeping is what the kind of a component tells of what a failure may take from it.
type Keeping struct {
	Data    bool // it keeps data of the system that is nowhere else
	Primary bool // its writes meet at a primary, so that it may have members
	Files   bool // it is a site, which has disks with files on them
	// Roles are those that its nodes may have in a plan; nil where all are alike.
	Roles []string
	// Servers are the physical servers that it names.
	Servers []strict.Value[string]
}

// Keeper is a spec of a kind that keeps something.
type Keeper interface{ Keeps() Keeping }

// Agreeing is a spec that holds its keys against the rest of the profile.
type Agreeing interface {
	// Agree adds what contradicts the profile or the component around it.
	Agree(p *Profile, c *Component, ps *diag.Problems)
}

// keeps is what a component keeps: nothing where its kind says nothing.
func (c *Component) keeps() Keeping {
	if k, ok := c.Spec.(Keeper); ok {
		return k.Keeps()
	}
	return Keeping{}
}
