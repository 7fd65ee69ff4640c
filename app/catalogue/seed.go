package catalogue

import (
	"bytes"
	"context"
	_ "embed" // the seed files
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"gsl/tenants"
)

var (
	//go:embed seed/catalogue.csv
	catalogueCSV []byte
	//go:embed seed/categories.csv
	categoriesCSV []byte
	//go:embed seed/subcategories.csv
	subcategoriesCSV []byte
)

// SeedNational writes the six categories and the national items that national.db
// does not have yet. What is there already stays as it is, whoever wrote it.
func SeedNational(ctx context.Context, national *tenants.DB) error {
	categories, err := seedCategories()
	if err != nil {
		return err
	}
	items, err := seedItems(National)
	if err != nil {
		return err
	}
	return national.Update(ctx, func(tx *tenants.Tx) error {
		for i := range categories {
			if err := insertCategory(tx, &categories[i]); err != nil {
				return err
			}
		}
		if err := insertDrawers(tx, categories, items); err != nil {
			return err
		}
		return insertItems(tx, items)
	})
}

// Seed gives a new municipality the template of local items. A municipality
// that already has items keeps them: what it took out does not come back.
func Seed(tx *tenants.Tx, _ tenants.Identity) error {
	seeded, err := hasItems(tx)
	if err != nil || seeded {
		return err
	}
	categories, err := seedCategories()
	if err != nil {
		return err
	}
	items, err := seedItems(Municipal)
	if err != nil {
		return err
	}
	if err := insertDrawers(tx, categories, items); err != nil {
		return err
	}
	return insertItems(tx, items)
}

// insertDrawers writes the subcategories that the items stand in, with the
// position they have among all of their category.
func insertDrawers(tx *tenants.Tx, categories []Category, items []*Item) error {
	used := map[[2]string]bool{}
	for _, it := range items {
		used[[2]string{it.Category, it.SubcategoryCode}] = true
	}
	for _, category := range categories {
		for i, sub := range category.Subcategories {
			if !used[[2]string{category.Code, sub.Code}] {
				continue
			}
			if err := insertSubcategory(tx, category.Code, i, sub); err != nil {
				return err
			}
		}
	}
	return nil
}

func insertItems(tx *tenants.Tx, items []*Item) error {
	for _, it := range items {
		if err := insertItem(tx, it); err != nil {
			return fmt.Errorf("%s: %w", it.Code, err)
		}
	}
	return nil
}

// seedCategories reads the categories with all their subcategories in order.
func seedCategories() ([]Category, error) {
	rows, err := readCSV(categoriesCSV)
	if err != nil {
		return nil, err
	}
	var list []Category
	for _, row := range rows {
		list = append(list, Category{Code: row["code"], Name: row["name"], ShortName: row["short_name"]})
	}
	rows, err = readCSV(subcategoriesCSV)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		for i := range list {
			if list[i].Code == row["category"] {
				list[i].Subcategories = append(list[i].Subcategories, Subcategory{Code: slug(row["name"]), Name: row["name"]})
			}
		}
	}
	return list, nil
}

// seedItems reads the seed items of a scope; the fields are the items' own, as
// the rows keep them, without the standard ones.
func seedItems(scope string) ([]*Item, error) {
	rows, err := readCSV(catalogueCSV)
	if err != nil {
		return nil, err
	}
	var list []*Item
	for _, row := range rows {
		it, err := seedItem(row)
		if err != nil {
			return nil, fmt.Errorf("catalogue.csv, %s, %w", row["code"], err)
		}
		if it.Scope == scope {
			list = append(list, it)
		}
	}
	return list, nil
}

// seedItem reads one row; an error begins with the column it is about.
func seedItem(row map[string]string) (*Item, error) {
	it := &Item{
		Code: row["code"], Category: row["category"], SubcategoryCode: slug(row["subcategory"]),
		Name: row["name"], Provider: row["provider"], Scope: row["scope"], Unit: row["unit"],
		LegalBasis: row["legal_basis"], RISCode: row["ris_code"],
		Requirements: splitList(row["requirements"], ";"),
	}
	if it.Scope != National && it.Scope != Municipal {
		return nil, fmt.Errorf("scope: unknown scope %q", it.Scope)
	}
	if it.Code == "" || it.Name == "" || standardFields[it.Category] == nil {
		return nil, fmt.Errorf("category: needs a code, a name and a category, not %q", it.Category)
	}
	var err error
	if it.Criteria, err = parseCriteria(row["criteria"]); err != nil {
		return nil, fmt.Errorf("criteria: %w", err)
	}
	if it.Fields, err = parseForm(row["form"]); err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	if _, err := withStandard(it.Category, it.Fields); err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	return it, it.readNumbers(row["reference_clp"], row["interval_days"])
}

func (it *Item) readNumbers(reference, interval string) (err error) {
	if reference != "" {
		if it.Reference, err = strconv.ParseInt(reference, 10, 64); err != nil || it.Reference < 0 {
			return fmt.Errorf("reference_clp: not an amount: %q", reference)
		}
		it.ReferenceKnown = true
	}
	if interval != "" {
		if it.IntervalDays, err = strconv.Atoi(interval); err != nil || it.IntervalDays < 0 {
			return fmt.Errorf("interval_days: not a number of days: %q", interval)
		}
	}
	return nil
}

// splitList cuts a list and drops blank entries.
func splitList(s, separator string) []string {
	var list []string
	for part := range strings.SplitSeq(s, separator) {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// readCSV reads a file with a header into rows by column name.
func readCSV(file []byte) ([]map[string]string, error) {
	records, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil || len(records) == 0 {
		return nil, fmt.Errorf("seed file: %w", err)
	}
	rows := make([]map[string]string, 0, len(records)-1)
	for _, record := range records[1:] {
		row := make(map[string]string, len(record))
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}
