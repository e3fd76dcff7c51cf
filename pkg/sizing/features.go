package sizing

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/diag"
)

// This file is what services need of the way on which users' connections reach them,
// and whether balancers have it.

// Feature is what a service needs of the connections of its users.
type Feature string

// The features: a connection that both sides write to at any time, and one server for
// all requests of a session.
const (
	WebSocket Feature = "websocket"
	Sticky    Feature = "sticky"
)

// Needed is the features that a component needs, and where the profile says so.
type Needed struct {
	Features []Feature
	At       diag.Pos
}

// lacks says what a balancer does not do, and what to do about it; "" where it does
// (AWS: user guide for Classic Load Balancers, which has no upgrade to WebSocket, and for
// Network Load Balancers, "Target group attributes": no sticky sessions with TLS).
func (s *Balancer) lacks(f Feature) (hint string) {
	switch {
	case f == WebSocket && s.Type == classicLB:
		return "write type: alb or type: nlb for the balancer, or let clients poll over XHR and leave websocket " +
			"out: each poll is a request more (peak.requests_per_user, or a class of its own)"
	case f == Sticky && s.Type == "nlb" && s.Protocol == "tls":
		return "write protocol: tcp and end TLS behind the balancer, or type: alb, whose sessions stick by a cookie"
	}
	return ""
}

// carried are the features that services behind the balancer need. Its error names those
// that it lacks, one problem each.
func (s *Balancer) carried(c *Task) ([]string, error) {
	var have []string
	var problems diag.Problems
	for _, to := range c.reached(s.For) {
		needed := traitsIn(c.Flow.Of(to)).Needs
		for _, f := range needed.Features {
			if hint := s.lacks(f); hint != "" {
				problems = append(problems, diag.Problem{Pos: needed.At, Hint: hint,
					Summary: fmt.Sprintf("component %q needs %s, which balancer %q does not do (%s)", to, f,
						c.Component.Name, s.kindOf())})
			} else if !slices.Contains(have, string(f)) {
				have = append(have, string(f))
			}
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	slices.Sort(have)
	return have, nil
}

// kindOf is the balancer's type as the profile writes it.
func (s *Balancer) kindOf() string {
	if s.Type == "nlb" {
		return strings.Join([]string{"type: nlb", "protocol: " + s.Protocol}, ", ")
	}
	return "type: " + s.Type
}

// reached are the components that users' connections through this one reach: the one that
// it is for, if any, those that it calls, and what other balancers and proxies on the way
// call.
func (c *Task) reached(isFor string) []string {
	var out []string
	next := []string{c.Component.Name}
	if isFor != "" {
		next, out = append(next, isFor), append(out, isFor)
	}
	for len(next) > 0 {
		from := c.Flow.Of(next[0])
		next = next[1:]
		if !traitsIn(from).HandsOn {
			continue
		}
		for i := range from.Edges {
			if to := from.Edges[i].To; !slices.Contains(out, to) {
				out, next = append(out, to), append(next, to)
			}
		}
	}
	return out
}
