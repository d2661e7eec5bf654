package review

// Judged is what Lint and Checklist find in the same wordings.
type Judged struct {
	Findings  []Finding
	Checklist []StateChecklist
}

// Judge does the work of Lint and of Checklist, with each wording rendered and
// taken apart once.
func Judge(m Material) (*Judged, error) {
	l := newLinter(m)
	findings, err := l.lint()
	if err != nil {
		return nil, err
	}
	list, err := l.checklist()
	if err != nil {
		return nil, err
	}
	return &Judged{findings, list}, nil
}
