package bill

import (
	"slices"
	"strings"

	"headroom/pkg/remark"
)

// Told is what is said of a component in texts.
type Told struct {
	Brief            string
	Detail, Warnings []string
}

// Tell makes remarks of texts. They are said as they are; but what a text says of
// one region ("us-east-1: 9 shards") names the region as a value, and the roles
// of nodes that it speaks of are values too. The part has its pools already;
// further are regions of the system that it may have no nodes in.
func (p *Part) Tell(t Told, further ...string) {
	regions, roles := slices.Clone(further), []string{}
	for _, pool := range p.Pools {
		regions, roles = append(regions, pool.Region), append(roles, pool.Role)
	}
	p.Brief = accounted(remark.Verbatim(t.Brief), roles)
	for _, text := range t.Detail {
		region, what, ok := strings.Cut(text, ": ")
		if !ok || what == "" || !slices.Contains(regions, region) {
			region, what = "", text
		}
		r := accounted(remark.Verbatim(what), roles)
		if region != "" {
			r = r.With("region", region)
		}
		p.Detail = appendSaid(p.Detail, r)
	}
	for _, text := range t.Warnings {
		p.Warnings = appendSaid(p.Warnings, remark.Verbatim(text))
	}
}

// accounted adds the roles of nodes that a text speaks of.
func accounted(r remark.Remark, roles []string) remark.Remark {
	text, _ := r.Verbatim()
	var named []string
	for _, role := range roles {
		if role != "" && strings.Contains(text, role) && !slices.Contains(named, role) {
			named = append(named, role)
		}
	}
	if len(named) == 0 {
		return r
	}
	return r.With("roles", named)
}

// appendSaid leaves out what says nothing.
func appendSaid(list []remark.Remark, r remark.Remark) []remark.Remark {
	if r.IsZero() {
		return list
	}
	return append(list, r)
}
