-- The second fence around an authority's rows: row-level security by a setting of the transaction. `candour.authorities`
-- is `every`, or the keys of the authorities whose rows may be seen and written, as an array: `{1,2}`. Unset it admits none.

CREATE FUNCTION candour_sees_every() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(current_setting('candour.authorities', true), '') = 'every' $$;

CREATE FUNCTION candour_authorities() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN current_setting('candour.authorities', true) LIKE '{%'
        THEN current_setting('candour.authorities', true)::bigint[] ELSE '{}'::bigint[] END
$$;

-- Fences every table of the schema that is keyed by authority and has no fence yet, and every table without an authority of
-- its own that refers to one that is fenced. The program calls it after each migration, so that no table is forgotten. The
-- owner of the tables is bound as well; only a superuser is not.
CREATE FUNCTION candour_fence_tables() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT t.oid::regclass AS name FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
        WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND a.attname = 'authority_key'
            AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = 'authority')
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', found.name);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', found.name);
        -- Both are asked once a statement, not once a row.
        EXECUTE format('CREATE POLICY authority ON %s USING ((SELECT candour_sees_every())
            OR authority_key = ANY ((SELECT candour_authorities())::bigint[]))', found.name);
    END LOOP;
    FOR found IN
        SELECT DISTINCT ON (t.oid) t.oid::regclass AS name, c.confrelid::regclass AS parent, own.attname AS own_key, far.attname AS far_key
        FROM pg_class t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f' AND cardinality(c.conkey) = 1
        JOIN pg_attribute own ON own.attrelid = t.oid AND own.attnum = c.conkey[1]
        JOIN pg_attribute far ON far.attrelid = c.confrelid AND far.attnum = c.confkey[1]
        WHERE t.relnamespace = current_schema()::regnamespace
            AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.confrelid AND p.polname = 'authority')
            AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = 'authority')
        ORDER BY t.oid, c.conname
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', found.name);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', found.name);
        EXECUTE format('CREATE POLICY authority ON %s USING ((SELECT candour_sees_every())
            OR EXISTS (SELECT FROM %s parent WHERE parent.%I = %s.%I))',
            found.name, found.parent, found.far_key, found.name, found.own_key);
    END LOOP;
END
$$;

-- The start of the oldest transaction that may still write, in microseconds, two seconds allowed for clocks that differ. A role
-- that only serves is not shown when the sessions of who connects began theirs; this asks as the owner of the tables.
CREATE FUNCTION candour_oldest_open_write() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (extract(epoch FROM min(xact_start)) * 1000000)::bigint - 2000000 FROM pg_catalog.pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND (backend_xid IS NOT NULL OR application_name = 'candour write')
$$;
REVOKE EXECUTE ON FUNCTION candour_oldest_open_write() FROM PUBLIC;
