DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT p.polrelid::regclass AS name FROM pg_policy p JOIN pg_class t ON t.oid = p.polrelid
        WHERE p.polname = 'authority' AND t.relnamespace = current_schema()::regnamespace
    LOOP
        EXECUTE format('DROP POLICY authority ON %s', found.name);
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', found.name);
        EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', found.name);
    END LOOP;
END
$$;
DROP FUNCTION candour_oldest_open_write();
DROP FUNCTION candour_fence_tables();
DROP FUNCTION candour_authorities();
DROP FUNCTION candour_sees_every();
