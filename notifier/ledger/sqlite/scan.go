package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
)

// driverValue is a value as the driver has it.
type driverValue = driver.Value

// eachRaw is each past database/sql, which takes as long for a row of twenty
// columns as SQLite itself. f must not keep the row.
func eachRaw(ctx context.Context, db *sql.DB, query string, args []any, f func(row []driverValue) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	return rawRows(ctx, conn, query, args, f)
}

func rawRows(ctx context.Context, conn *sql.Conn, query string, args []any, f func(row []driverValue) error) error {
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return err
		}
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return conn.Raw(func(c any) (err error) {
		s, err := c.(driver.Conn).Prepare(query)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		rows, err := s.(driver.StmtQueryContext).QueryContext(ctx, named)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		row := make([]driverValue, len(rows.Columns()))
		for {
			switch err := rows.Next(row); {
			case errors.Is(err, io.EOF):
				return nil
			case err != nil:
				return err
			}
			if err := f(row); err != nil {
				return err
			}
		}
	})
}

// ofKinds makes it damage when a column holds another kind of value than it
// should: kinds has for each an i for a number, a t for a text, a b for bytes. NULL
// is of any kind. The value is not quoted: it may be somebody's.
func ofKinds(row []driverValue, kinds string) error {
	for i := range kinds {
		ok := row[i] == nil
		switch row[i].(type) {
		case int64:
			ok = kinds[i] == 'i'
		case string:
			ok = kinds[i] == 't'
		case []byte:
			ok = kinds[i] == 'b'
		}
		if !ok {
			return damaged("a row has another kind of value in column %d than it should", i)
		}
	}
	return nil
}

// What a column holds, and nothing where it holds something else.
func asBytes(v driverValue) []byte {
	switch v := v.(type) {
	case []byte:
		return v
	case string:
		return []byte(v)
	}
	return nil
}

func asInt(v driverValue) int64 {
	n, _ := v.(int64)
	return n
}

func asText(v driverValue) string {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case string:
		return v
	}
	return ""
}
