package cli

import (
	"headroom/pkg/bill"
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

const keepHelp = "hold the machines of this saved estimate while they carry their components"

// keeper knows the machines that run today.
type keeper struct{ sides []side }

// keeping reads the estimates that --keep names; "" keeps nothing.
func (a *app) keeping(arg string, o bill.Request, envs []string) (*keeper, error) {
	if arg == "" {
		return nil, nil
	}
	sides, err := a.sides(arg, sourceOptions{plan: o, environments: envs})
	return &keeper{sides}, err
}

// hold makes a request keep the machines of a profile in an environment: those of
// the estimate of that name or, where alone says that there is nothing else to
// plan, of the only one.
func (k *keeper) hold(o *bill.Request, p *workload.Profile, alone bool) error {
	if k == nil {
		return nil
	}
	name := systemOf(p.Name, o.Environment)
	s, ok := sideOf(k.sides, name)
	if !ok && alone && len(k.sides) == 1 {
		s, ok = k.sides[0], true
	}
	if !ok {
		return lacksSide(k.sides, name)
	}
	o.Keep, o.KeptEdited = map[string]plan.Runs{}, s.estimate.Edited
	for i := range s.estimate.Parts {
		if part := &s.estimate.Parts[i]; part.Machine != "" {
			o.Keep[part.Name] = part.Runs()
		}
	}
	return nil
}

// keepFor makes a request keep the machines of one profile.
func (a *app) keepFor(o *bill.Request, arg, profile string) error {
	var envs []string
	if o.Environment != "" {
		envs = append(envs, o.Environment)
	}
	keep, err := a.keeping(arg, *o, envs)
	if keep == nil || err != nil {
		return err
	}
	p, err := a.loadProfile(profile)
	if err != nil {
		return err
	}
	return keep.hold(o, p, true)
}
