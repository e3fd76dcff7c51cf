package bill

// Name is what a line is of, as people read it: "m7g.large", "ebs gp3 storage",
// "m7g.large upfront" for a share of what was paid in advance.
func (l *Line) Name() string {
	switch {
	case l.IsFee():
		return l.Item + " upfront"
	case l.Service == "" || l.Service == ServiceNodes:
		return l.Item
	}
	return l.Service + " " + l.Item
}

// sameItem tells whether two lines are of the same.
func (l *Line) sameItem(o *Line) bool { return l.Service == o.Service && l.Item == o.Item }

// Name is what has no price, as the price tables name it: "m7g.large",
// "ebs/gp3 storage", "ebs gp3 storage above 1000".
func (u *Unpriced) Name() string {
	switch {
	case u.Service == "" || u.IsNodes():
		return u.Item
	case u.AboveTier != nil:
		return u.Service + " " + u.Item + " above " + u.AboveTier.String()
	}
	return u.Service + "/" + u.Item
}

// IsNodes tells whether it is nodes that have no price.
func (u *Unpriced) IsNodes() bool { return u.Service == ServiceNodes }
