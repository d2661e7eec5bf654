package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
	"breachmail/templates"
)

func newTemplate(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "template",
		Short: "Show the campaign's templates and how they differ from the built-in ones",
		Long: `Shows the templates in the campaign, and which of them were changed since "init"
copied the built-in ones. What a notice may use is listed on top of notice.en.md,
what the texts for the website and the call center may on top of website.en.md.`,
		Example: example(`  breachmail -C aug-2018 template list
  breachmail -C aug-2018 template show notice.en.md
  breachmail -C aug-2018 template diff`, 0, 1, 64),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(newTemplateList(a), newTemplateShow(a), newTemplateDiff(a))
	return c
}

func newTemplateList(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the templates and say which were changed",
		Example: example("  breachmail -C aug-2018 template list", 0, 1, 64),
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			t, err := campaign.OpenTemplates(a.dir, templates.FS)
			if err != nil {
				return err
			}
			return listTemplates(a, t.List())
		},
	}
	a.jsonFlag(c)
	return c
}

// templatesObject is what template list --json prints.
type templatesObject struct {
	Templates []templateObject `json:"templates"`
}

type templateObject struct {
	Name  string `json:"name"`
	State string `json:"state"`
}

func listTemplates(a *app, list []campaign.Template) error {
	var lines [][2]string
	o := templatesObject{Templates: []templateObject{}}
	for _, t := range list {
		lines = append(lines, [2]string{t.Name, t.State})
		o.Templates = append(o.Templates, templateObject(t))
	}
	printList(a.words(), lines)
	return a.object(o)
}

func newTemplateShow(a *app) *cobra.Command {
	var builtIn bool
	c := &cobra.Command{
		Use:     "show NAME",
		Short:   "Print a template",
		Example: example("  breachmail -C aug-2018 template show notice.en.md", 0, 1, 64),
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			t, err := campaign.OpenTemplates(a.dir, templates.FS)
			if err != nil {
				return err
			}
			return printBytes(a.out)(t.Show(args[0], builtIn))
		},
	}
	c.Flags().BoolVar(&builtIn, "built-in", false, "the one that breachmail brings along")
	return c
}

func newTemplateDiff(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "diff [NAME]",
		Short:   "Show how templates differ from the built-in ones",
		Example: example("  breachmail -C aug-2018 template diff notice.en.md", 0, 1, 64),
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			t, err := campaign.OpenTemplates(a.dir, templates.FS)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return printBytes(a.out)(t.Diff(args[0]))
			}
			for _, f := range t.List() {
				if err := printBytes(a.out)(t.Diff(f.Name)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// printBytes prints what a function gave, unless it gave an error.
func printBytes(w io.Writer) func([]byte, error) error {
	return func(b []byte, err error) error {
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s", b)
		return err
	}
}
