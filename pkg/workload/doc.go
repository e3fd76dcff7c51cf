// Package workload reads profiles: what a system has to carry, of which
// components it is made and how they call each other. From these it derives
// the demand and the load of every component in every region and hour.
//
// It knows the shape that all components share; what only one kind of
// component has (the replicas of a database, the retention of a log) is given
// to Parse as a set of specs by the package that implements the kinds.
//
// A file becomes a Profile by way of package strict. Profile.Demand says what
// the users ask of the whole system: rates, bytes, the curve of the week, the
// parts of the regions. Profile.Flow follows the calls from component to
// component and gives each its Load. A Draft is a file that is not decided yet:
// values in it can be changed (--set, whatif) before it becomes a Profile.
//
// What only failures are about (docs/model.md section 9) has the tag bill:"none": no plan
// and no bill depends on it, so that it is no input of these.
//
// Words: a component is a part of the system that has nodes or usage of its
// own; its system is the name that the report shows for it. A call is an edge
// between components. A class is a sort of requests. A curve is the load of the
// 168 hours of a week. An input is a value of the profile with its source, and
// assumed where nobody measured it. An environment is a copy of the system
// beside production.
package workload

//go:generate go run headroom/cmd/genkeys .
